# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How far a run is, from what its steps say of themselves."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

OPEN_STATES = ("queued", "running", "waiting")
IMPORT = "profile:"
CONTACTS, ITEMS = "contacts", "items"
FIGURES = "figures"
_READ = {
    "organisation": _lt("Organisation"),
    "contact_groups": _lt("Contact groups"),
    # The import "Contacts" is another step of the same run.
    "contacts": _lt("Xero contacts"),
    "items": _lt("Items"),
    "invoices": _lt("Invoices"),
    "credit_notes": _lt("Credit notes"),
    "overpayments": _lt("Overpayments"),
    "prepayments": _lt("Prepayments"),
    # What no date of change tells of is read again by itself.
    "contact_balances": _lt("Balances"),
    "open_invoices": _lt("Open invoices"),
}
# Xero gives these whole, in one answer, and counts nothing.
UNCOUNTED = frozenset({"organisation", "contact_groups", "items"})
# What follows from the others, of which there is little or nothing.
DERIVED = frozenset({"contact_balances", "open_invoices"})


def reading_step(env, name):
    """The step that shows how much came from Xero of what is called so."""
    label = _READ.get(name)
    words = name.replace("_", " ").capitalize()
    return _step(name, env._(label) if label else words)


def import_step(profile):
    """The step that shows how far an import is, and from what it imports."""
    step = _step(f"{IMPORT}{profile.id}", profile.name)
    return {**step, "source": ITEMS if profile.target == "product" else CONTACTS}


def figures_step(env):
    """The step that shows how many customers' figures are worked out."""
    return _step(FIGURES, env._("Figures"))


def is_reading(step):
    """Whether a step shows what came from Xero."""
    return step["name"] != FIGURES and not step["name"].startswith(IMPORT)


def _step(name, label):
    return {"name": name, "label": label, "state": "waiting", "done": 0, "total": None}


def current_step(steps):
    """The step that a person is told of: what comes from Xero before the imports that
    follow it; None where none is under way."""
    return next((step for step in steps if step["state"] == "running"), None)


def measure(steps):
    """Records done, records in all, and the share that is done, from 0 to 1.

    Each step is a dict of name, state, done and total (None where nobody knows).
    While Xero has not said of some resources how much there is to read, the share is
    that of the others among all. Figures take no time worth telling.
    """
    read = [step for step in steps if is_reading(step)]
    unknown = sum(
        step["total"] is None and not is_here(step) and step["name"] not in DERIVED
        for step in read
    )
    # What Xero does not count, the organisation, tells nothing of the others.
    counted = sum(step["total"] is not None for step in read)
    done = total = 0
    for step, (came, size) in zip(steps, sizes_of(steps), strict=True):
        if step["name"] != FIGURES:
            done += came
            total += size
    share = done / total if total else 0.0
    return done, total, share * counted / (counted + unknown) if unknown else share


def sizes_of(steps):
    """For each step, records done and records in all as far as anybody knows.

    How much an import has to do is known when it is over; before, it is taken to be
    as much as is read of its source: else a run would be nearly done at its first
    page.
    """
    read = [step for step in steps if is_reading(step)]
    coming = {step["name"]: _size(step) for step in read}
    all_here = all(is_here(step) for step in read)
    sizes = []
    for step in steps:
        size = _size(step)
        is_over = all_here and step["state"] == "done"
        if step["name"].startswith(IMPORT) and not is_over:
            size = max(size, coming.get(step["source"], 0))
        sizes.append((min(step["done"], size), size))
    return sizes


def _size(step):
    return max(step["total"] or 0, step["done"])


def is_here(step):
    """Whether all of a resource is in the mirror, not only at the connector. Where
    Xero does not count, one answer is all."""
    if step["total"] is None:
        return bool(step["done"]) or step["state"] == "done"
    return step["done"] >= step["total"]
