"""The Accounting API, one file for each of Xero's resources."""
