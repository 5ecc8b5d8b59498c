"""A Xero that runs on one machine: sign-in, connections and the Accounting API."""
