# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A plan that is only shown, and done exactly as it was."""
