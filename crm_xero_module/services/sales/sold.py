# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a sale is: an invoice or a credit note that stands. Over- and prepayments are
money, and no sale."""

from odoo.fields import Domain
from odoo.tools import SQL

# Only these owe and count anything.
COUNTED = ("AUTHORISED", "PAID")
_KINDS = ("invoice", "credit_note")
SOLD = Domain("status", "in", COUNTED) & Domain("kind", "in", _KINDS)
# The same of document `t`, and the sign by which its amounts and quantities count.
IS_SALE = SQL("t.kind IN %s AND t.status IN %s", _KINDS, COUNTED)
SIGN = SQL("CASE t.kind WHEN 'invoice' THEN 1 ELSE -1 END")
