# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What of the CRM goes to Xero, on the data's way back."""
