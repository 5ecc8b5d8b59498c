"""The demo's own customer: won in the CRM, created in Xero, and invoiced there."""

from collections.abc import Callable

from infra.demo.odoo_client import OdooClient
from infra.demo.to_xero import ToXero
from infra.host.errors import HostError

CUSTOMER = {
    "name": "Kauri Point Kayaks",
    "is_company": True,
    "street": "12 Wharf Road",
    "city": "Katikati",
    "zip": "3129",
    "phone": "+64 7 549 0000",
    "email": "office@kauripoint.example",
}
PERSON = {
    "name": "Aroha Tane",
    "xero_first_name": "Aroha",
    "xero_last_name": "Tane",
    "email": "aroha@kauripoint.example",
    "type": "contact",
}


def send_demo_customer(admin: OdooClient, say: Callable[[str], None]) -> None:
    """Make a customer with an opportunity in the CRM, and send both to Xero.

    :raises HostError: with what the dialog says
    """
    country = admin.reference("base.nz")
    customer = admin.call("res.partner", "create", {**CUSTOMER, "country_id": country})
    admin.call("res.partner", "create", {**PERSON, "parent_id": customer})
    lead = admin.call(
        "crm.lead",
        "create",
        {
            "name": "Six sea kayaks",
            "type": "opportunity",
            "partner_id": customer,
            "expected_revenue": 8400.0,
        },
    )
    to_xero = ToXero(admin)
    say("creating a customer in Xero, and a draft invoice of an opportunity")
    for entry in (to_xero.queue_customer(customer), to_xero.queue_invoice(lead)):
        told = to_xero.send(entry)
        if told["state"] != "done":
            message = told["reason"] or told["state"]
            raise HostError("Xero did not take it", message, told["remedy"] or "retry")
