"""The programs that are measured: each reads the same pages of invoices.

Each is `python -m benchmarks.readers.NAME '{"address", "token", "tenant", "pages"}'`.
"""
