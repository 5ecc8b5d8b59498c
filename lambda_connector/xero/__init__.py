"""The ports of the logic at Xero. The only place that speaks HTTP."""
