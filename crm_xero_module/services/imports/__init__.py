# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From the mirror to the CRM: scope, key, plan, apply."""
