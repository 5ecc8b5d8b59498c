# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The numbers by which Xero's records are found again as ours.

They say which database and which record, and nothing else, so that a database that
was restored from an older backup finds what it had created since.
"""


def prefix(env):
    """What all numbers of this database begin with."""
    uuid = env["ir.config_parameter"].sudo().get_param("database.uuid") or ""
    return f"ODOO-{uuid.replace('-', '')[:8]}-"


def contact_number(env, partner_id, nth=1):
    """The ContactNumber of a customer; `nth` of one that a person wants once more."""
    return _numbered(f"{prefix(env)}{partner_id}", nth)


def next_contact_number(env, partner_id, taken):
    """The first ContactNumber of a customer that none of `taken` is."""
    taken = {number.casefold() for number in taken if number}
    nth = 1
    while (number := contact_number(env, partner_id, nth)).casefold() in taken:
        nth += 1
    return number


def _numbered(number, nth):
    return f"{number}-{nth}" if nth > 1 else number


def invoice_reference(env, lead_id, nth):
    """The Reference of the `nth` invoice that was drafted from an opportunity."""
    return f"{prefix(env)}{lead_id}-{nth}"


def nth_invoice(env, lead_id, reference):
    """Which of the opportunity's invoices has this Reference; 0 for none of them."""
    of_lead = f"{prefix(env)}{lead_id}-"
    number = (reference or "").removeprefix(of_lead)
    is_ours = number != reference and number.isascii() and number.isdigit()
    return int(number) if is_ours else 0
