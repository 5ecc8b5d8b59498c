# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The connector's HTTP API, and what is remembered of it."""
