"""Install, update, neutralize, uninstall, install again: what stays and what goes."""

import json
import re
from collections import Counter
from typing import Any

# What customers and products are made of; that they stay is the point.
OF_CUSTOMERS = ("res_partner", "product_")
THEIRS = ("res.partner", "product.template", "product.product")
# What Odoo itself writes whenever a module goes, and what it knows of one that is not
# installed; and what cannot outlive a follower, which is looked at.
ODOOS = (
    "ir_cron_trigger",
    "ir_module_module",
    "mail_followers_mail_message_subtype_rel",
)


def left_behind(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """{what: (rows that are gone, rows that are new)}, but for customers."""
    found = {}
    for what in sorted({*before, *after}):
        old, new = Counter(before.get(what, ())), Counter(after.get(what, ()))
        gone, added = (old - new).elements(), (new - old).elements()
        rows = [row for row in gone], [row for row in added if not is_theirs(what, row)]
        if any(rows) and what not in {f"rows of {table}" for table in ODOOS}:
            found[what] = rows
    return found


def is_theirs(what: str, row: str) -> bool:
    """Whether a row is a customer or a product, or Odoo's word about one."""
    table = what.removeprefix("rows of ")
    if table == what:
        return False
    if table.startswith(OF_CUSTOMERS):
        return True
    if table == "bus_bus":
        return not re.search(r"xero\.|crm_xero_module", row)
    values = json.loads(row)
    return (values.get("model") or values.get("res_model")) in THEIRS


def test_nothing_of_it_is_left(life):
    assert left_behind(life["before"], life["after"]) == {}


def test_customers_and_products_stay_as_they_are(life):
    assert life["customers_after"] == life["customers"]
    names = [row[2] for row in life["customers"] if row[0] == "partner"]
    assert {"Ann Lee", "Jo Doe1", "Mia Wong", "Archived"} <= set(names)


def test_what_people_typed_is_in_the_notes(life):
    notes = {who.partition(" ")[2]: note for who, note in life["notes"].items()}
    assert notes["Typed by hand"].startswith("<p>Hm</p>")
    assert "Fax: " in notes["Typed by hand"]
    assert "&lt;99&gt; &amp; more" in notes["Typed by hand"]
    assert "021" in notes["Archived"]


def test_an_update_keeps_everything(life):
    assert life["updated"] == life["used"]
    assert len(life["used"]["xero_contact"]) == 6
    assert len(life["used"]["parameters"]) >= 4


def test_a_neutralized_copy_asks_nobody(life):
    seen = life["neutralized"]
    assert seen["key"] == seen["crons"] == 0
    assert set(seen["schedules"]) == {"manual"}
    assert not seen["next"]


def test_installed_again_it_has_what_it_had(life):
    assert life["taken_back"] == life["typed"]


def test_an_import_then_finds_the_same_customers(life):
    assert life["customers_again"] == life["customers"]
    assert life["typed_again"] == life["typed"]
    linked = life["linked_again"]
    assert [len(linked[kind]) for kind in ("contacts", "products")] == [6, 2]
    # Two of each company, and who is a customer alone.
    assert len(linked["persons"]) == 11


def test_uninstalled_again_it_leaves_the_same(life):
    assert left_behind(life["before"], life["after_all"]) == {}
    assert life["notes_again"] == life["notes"]
