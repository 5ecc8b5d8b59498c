"""The HTTP contract, one file for each thing that an address names.

A route that gives a Response of its own says no return type: powertools would take
its body for JSON and validate it.
"""
