# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a person is told of customers before they are created in Xero: what would be
sent, what is alike there, and what is in the way."""

from dataclasses import dataclass

from .contact_body import ContactBody, contact_bodies
from .limits import Problem, in_xero_already
from .look_alikes import look_alikes
from .outbox import OPEN_STATES

# Xero's administrators here, as many as one would ask.
_ASKED = 3


@dataclass(slots=True)
class Checked:
    """One customer before it is sent.

    `alikes` are `LookAlike`s; `contact` is what it is linked to in the organisation
    already, `entry` what is in the outbox of it and not over (both records, empty
    where there is none); `stops` are the `Problem`s to be mended first.
    """

    body: ContactBody
    alikes: list
    contact: object
    entry: object
    stops: list


def check(connection, partners, *, once_more=False):
    """{partner id: `Checked`}, with a few queries for all.

    :param once_more: a person wants another one beside the one created before
    """
    bodies = contact_bodies(connection, partners)
    alikes = look_alikes(connection, partners)
    env = connection.env
    own = [("connection_id", "=", connection.id), ("partner_id", "in", partners.ids)]
    linked = env["xero.contact"].sudo().search(own, order="is_leading DESC, id")
    open_entry = [("kind", "=", "create_contact"), ("state", "in", OPEN_STATES)]
    entries = env["xero.outbox"].sudo().search([*own, *open_entry])
    contact_of = linked.grouped("partner_id")
    entry_of = entries.grouped("partner_id")
    checked = {}
    for partner in partners:
        others = [one for one in alikes[partner.id] if one.partner_id != partner.id]
        contact = contact_of.get(partner, linked.browse())[:1]
        checked[partner.id] = Checked(
            body=bodies[partner.id],
            alikes=others,
            contact=contact,
            entry=entry_of.get(partner, entries.browse())[:1],
            stops=[
                *other_company(connection, partner),
                *_stops(env, bodies[partner.id], others, contact, once_more),
            ],
        )
    return checked


def other_company(connection, partner):
    """Why a customer of one company does not go to an organisation of another."""
    own = partner.sudo().company_id
    if not own or own == connection.sudo().company_id:
        return []
    return [Problem("other_company", {"company": own.name}, stops=True)]


def _stops(env, body, alikes, contact, once_more):
    if contact:
        data = {"name": contact.display_name}
        return [Problem("linked_already", data, stops=True)]
    there = in_xero_already(env, alikes)
    if once_more:
        there = [problem for problem in there if problem.code != "created_before"]
    return [*body.stops, *there]


def obstacle(connection):
    """Why nothing can be created in this organisation now, and who sees to it, as a
    `Problem`; None where it can.

    :param connection: empty where a customer has none to go to
    """
    if not connection:
        code = "ask_to_begin"
    elif connection.state != "connected" or not connection.connector_ref:
        code = "ask_to_connect"
    elif "contacts_write" in (connection.granted_features or ()):
        return None
    else:
        code = "ask_to_agree" if connection.with_writing else "ask_to_allow"
    data = {
        "organisation": connection.name or "",
        "who": _administrators(connection.env),
    }
    return Problem(code, data, stops=True)


def _administrators(env):
    group = env.ref("crm_xero_module.group_xero_administrator").sudo()
    users = group.all_user_ids.filtered(lambda user: user.active and not user.share)
    return ", ".join(users.sorted("id").mapped("name")[:_ASKED])
