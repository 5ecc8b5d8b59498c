# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What came from Xero, unchanged, and whose record each row is."""
