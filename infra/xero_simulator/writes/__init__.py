"""What apps write through the Accounting API: how calls are read, what is refused.

What a change then does to the books (times of change, balances, documents that are
handed over) is the same as if a person made it in Xero: `mutations`.
"""
