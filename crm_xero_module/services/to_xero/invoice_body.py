# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A draft invoice in Xero's JSON, and what keeps it from being sent.

Neither tax nor account is in it: they are those of Xero's items and of the contact.
Whoever approves the draft in Xero sees to the rest.

Limits: https://developer.xero.com/documentation/api/accounting/invoices names the
length of a description and the four decimals; those of amounts and of the number of
lines are chosen here.
"""

import math
import unicodedata
from dataclasses import dataclass

from odoo.tools import float_round
from odoo.tools.misc import formatLang

from .builders import BUILDERS, Built, CannotBuild
from .limits import Problem

MAX_DESCRIPTION = 4000
MAX_AMOUNT = 100_000_000_000
# What the connector takes in one invoice.
MAX_LINES = 200
DECIMALS = 4
_KEPT = frozenset("\n\t")
_CONTROL = frozenset({"Cc", "Cs"})


@dataclass(frozen=True, slots=True)
class Line:
    """A line as a person chose it; one that `is_text` says something, and no more.

    `item_code` is None where no item was chosen, and "" where it has no code.
    """

    description: str
    quantity: float = 0.0
    unit_price: float = 0.0
    discount: float = 0.0
    item_code: str | None = None
    is_text: bool = False

    @property
    def amount(self):
        """Without tax, rounded to cents as Xero does."""
        if self.is_text:
            return 0.0
        net = (
            rounded(self.quantity)
            * rounded(self.unit_price)
            * (1 - rounded(self.discount) / 100)
        )
        return float_round(net, 2) if math.isfinite(net) else net


def rounded(number):
    """As many decimals as Xero keeps of a quantity or a price."""
    return float_round(number, DECIMALS) if math.isfinite(number) else number


def readable(text):
    """A text without what Xero cannot hold."""
    text = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign in _KEPT or _is_held(sign)).strip()


def _is_held(sign):
    # The last two of each plane are never characters.
    return ord(sign) & 0xFFFE != 0xFFFE and unicodedata.category(sign) not in _CONTROL


def line_problems(lines):
    """What Xero would refuse of these lines, as `limits.Problem`s that stop."""
    problems = []
    if not any(not line.is_text for line in lines):
        problems.append(Problem("invoice_empty", {}, stops=True))
    if len(lines) > MAX_LINES:
        data = {"count": len(lines), "limit": MAX_LINES}
        problems.append(Problem("invoice_lines", data, stops=True))
    for number, line in enumerate(lines, start=1):
        problems += (
            Problem(code, {"line": number, **data}, stops=True)
            for code, data in _problems_of(line)
        )
    total = sum(line.amount for line in lines)
    if not problems and not 0 <= total < MAX_AMOUNT:
        problems.append(Problem("invoice_total", {}, stops=True))
    return problems


def _problems_of(line):
    description = readable(line.description)
    if not description:
        yield "invoice_line_description", {}
    elif len(description) > MAX_DESCRIPTION:
        yield (
            "invoice_line_long",
            {"length": len(description), "limit": MAX_DESCRIPTION},
        )
    if line.is_text:
        return
    if line.item_code == "":
        yield "invoice_line_item", {}
    numbers = (line.quantity, line.unit_price, line.amount)
    if not all(math.isfinite(n) and abs(n) < MAX_AMOUNT for n in numbers):
        yield "invoice_line_amount", {}
    if not 0 <= line.discount <= 100:
        yield "invoice_line_discount", {}


def invoice_body(lines, *, contact_id, currency_code, day, reference, url=None):
    """The invoice that is sent; the connector makes a draft of sales of it.

    :param contact_id: ContactID, or None of a customer that is still on its way
    :param day: the organisation's own
    :param url: where the opportunity is; Xero takes https only
    """
    body = {
        "Contact": {"ContactID": contact_id} if contact_id else {},
        "Date": day.isoformat(),
        "LineAmountTypes": "Exclusive",
        "Reference": reference,
        "CurrencyCode": currency_code,
        "LineItems": [_line_item(line) for line in lines],
    }
    if url and url.startswith("https://"):
        body["Url"] = url
    return body


def _line_item(line):
    item = {"Description": readable(line.description)}
    if line.is_text:
        return item
    item |= {
        "Quantity": rounded(line.quantity),
        "UnitAmount": rounded(line.unit_price),
    }
    if line.discount:
        item["DiscountRate"] = rounded(line.discount)
    if line.item_code:
        item["ItemCode"] = line.item_code
    return item


def lines_of(body):
    """The lines of such a body again."""
    return [
        Line(
            item["Description"],
            item.get("Quantity", 0.0),
            item.get("UnitAmount", 0.0),
            item.get("DiscountRate", 0.0),
            item.get("ItemCode"),
            is_text="Quantity" not in item,
        )
        for item in body["LineItems"]
    ]


def shown_body(env, body, customer):
    """The same in a person's words: [{label, value, origin}]."""
    code = body["CurrencyCode"]
    lines = lines_of(body)
    rows = [(env._("Customer"), customer), (env._("Date"), body["Date"])]
    for line in lines:
        rows.append((line.item_code or "", _told(env, line, code)))
    total = formatLang(env, sum(line.amount for line in lines), digits=2)
    rows.append((env._("Total without tax"), f"{total} {code}"))
    rows.append((env._("Reference"), body["Reference"]))
    return [{"label": label, "value": value, "origin": ""} for label, value in rows]


def _told(env, line, code):
    if line.is_text:
        return line.description
    return env._(
        "%(quantity)s × %(description)s: %(amount)s %(currency)s",
        quantity=f"{rounded(line.quantity):g}",
        description=line.description,
        amount=formatLang(env, line.amount, digits=2),
        currency=code,
    )


def contact_of(connection, partner):
    """The contact that a customer is invoiced as: the one that leads. The customer's
    own goes before its company's, and one that is active before an archived one."""
    family = partner | partner.commercial_partner_id
    found = connection.env["xero.contact"].search(
        [("connection_id", "=", connection.id), ("partner_id", "in", family.ids)]
    )
    return found.sorted(
        lambda contact: (
            contact.archived,
            contact.partner_id != partner,
            not contact.is_leading,
            contact.id,
        )
    )[:1]


def build_again(entry):
    """Its own lines, which a person chose, for the contact as it is linked now."""
    contact = contact_of(entry.connection_id, entry.partner_id)
    if not contact:
        raise CannotBuild("contact_not_linked", customer=entry.partner_id.name or "?")
    if contact.archived:
        raise CannotBuild("contact_archived")
    body = {**entry.body, "Contact": {"ContactID": contact.xero_id}}
    return Built(body, entry.shown)


BUILDERS["draft_invoice"] = build_again
