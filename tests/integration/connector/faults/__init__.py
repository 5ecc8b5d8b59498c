"""Every call of the connector to AWS and Xero, struck by every kind of fault.

`edge` is where the calls leave, `kinds` what can befall one, `life` what the connector
lives through meanwhile, `promises` what must hold after it, `enumeration` goes through
all of them, `report` writes them down.
"""
