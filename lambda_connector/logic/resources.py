"""The one table of what is read from Xero. A new resource is a new line here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Resource:
    """How one kind of record is read; facts from Xero's accounting API pages.

    Attributes
    ----------
    path: address below `/api.xro/2.0/`
    key: the list's name in Xero's answer
    record_id: the member of a record that never changes
    scope: the least granular scope that reads it
    order: an order that no change of a record can move, so that a walk through the
        pages skips none; None where Xero does not page
    incremental: Xero takes If-Modified-Since
    every: how often an incremental sync reads it; None for each time
    lands_as: the resource that its records are of, where it reads some of them again
    """

    name: str
    path: str
    key: str
    record_id: str
    scope: str
    order: str | None = None
    incremental: bool = False
    every: timedelta | None = None
    lands_as: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def paged(self) -> bool:
        return self.order is not None

    @cached_property
    def shape(self) -> str:
        """What is asked for, as a short hash. Where it changes, what was read before
        lacks something, so everything is read again."""
        asked = [self.path, self.order, sorted(self.parameters.items())]
        return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:12]


_TABLE = (
    Resource(
        name="organisation",
        path="Organisation",
        key="Organisations",
        record_id="OrganisationID",
        scope="accounting.settings.read",
        every=DAY,
    ),
    Resource(
        name="contact_groups",
        path="ContactGroups",
        key="ContactGroups",
        record_id="ContactGroupID",
        scope="accounting.contacts.read",
        every=DAY,
    ),
    Resource(
        name="contacts",
        path="Contacts",
        key="Contacts",
        record_id="ContactID",
        scope="accounting.contacts.read",
        order="ContactID",
        incremental=True,
        parameters={"includeArchived": "true"},
    ),
    # Always the whole list: that one is missing from it is all that tells of an item
    # that was deleted in Xero.
    Resource(
        name="items",
        path="Items",
        key="Items",
        record_id="ItemID",
        scope="accounting.settings.read",
        every=HOUR,
        parameters={"unitdp": "4"},
    ),
    # The filter is one that Xero answers however many invoices there are.
    Resource(
        name="invoices",
        path="Invoices",
        key="Invoices",
        record_id="InvoiceID",
        scope="accounting.invoices.read",
        order="InvoiceID",
        incremental=True,
        parameters={
            "where": 'Type=="ACCREC"',
            "unitdp": "4",
            "includeArchived": "true",
        },
    ),
    # By type these can be filtered only where there are few, so those of bills come
    # too; Odoo leaves them out.
    Resource(
        name="credit_notes",
        path="CreditNotes",
        key="CreditNotes",
        record_id="CreditNoteID",
        scope="accounting.invoices.read",
        order="CreditNoteID",
        incremental=True,
        parameters={"unitdp": "4"},
    ),
    Resource(
        name="overpayments",
        path="Overpayments",
        key="Overpayments",
        record_id="OverpaymentID",
        scope="accounting.payments.read",
        order="OverpaymentID",
        incremental=True,
        every=HOUR,
        parameters={"unitdp": "4"},
    ),
    Resource(
        name="prepayments",
        path="Prepayments",
        key="Prepayments",
        record_id="PrepaymentID",
        scope="accounting.payments.read",
        order="PrepaymentID",
        incremental=True,
        every=HOUR,
        parameters={"unitdp": "4"},
    ),
)
RESOURCES: dict[str, Resource] = {resource.name: resource for resource in _TABLE}

_SECOND = (
    # Those that stay open are found by a filter that a payment changes: the walk counts
    # what came, and begins anew where one fell out of the list and moved the others.
    replace(
        RESOURCES["invoices"],
        name="open_invoices",
        lands_as="invoices",
        incremental=False,
        parameters={
            **RESOURCES["invoices"].parameters,
            "where": 'Type=="ACCREC" AND Status=="AUTHORISED"',
        },
    ),
    replace(
        RESOURCES["contacts"],
        name="contact_balances",
        lands_as="contacts",
        incremental=False,
    ),
)
SECOND_READS: dict[str, Resource] = {resource.name: resource for resource in _SECOND}
"""What a sync reads again by itself: what Xero's incremental reads miss."""


def resource_of(step: str) -> Resource:
    """What the step of that name reads."""
    return RESOURCES.get(step) or SECOND_READS[step]


@dataclass(frozen=True)
class Feature:
    """What a person may choose: the resources that it reads, and the scopes that it
    needs beside theirs."""

    resources: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()


FEATURES: dict[str, Feature] = {
    "contacts": Feature(("organisation", "contact_groups", "contacts")),
    "items": Feature(("organisation", "items")),
    "sales": Feature(
        ("organisation", "invoices", "credit_notes", "overpayments", "prepayments")
    ),
    # Nothing to sync: a person asks for the report of one contact.
    "report": Feature(scopes=("accounting.reports.aged.read",)),
    # Nothing to sync: what is written to Xero.
    "contacts_write": Feature(scopes=("accounting.contacts",)),
    "invoices_write": Feature(scopes=("accounting.invoices",)),
}
READ_FEATURES = tuple(name for name, feature in FEATURES.items() if feature.resources)
"""Those that a sync may be asked for."""


def resources_of(features: Iterable[str]) -> tuple[str, ...]:
    """The resources of these features, each once, in the order of the table."""
    wanted = {name for feature in features for name in FEATURES[feature].resources}
    return tuple(name for name in RESOURCES if name in wanted)


OFFLINE_ACCESS = "offline_access"
"""The scope that lets a consent outlive the person's visit: refresh tokens."""


def scopes_of(resources: Iterable[str]) -> tuple[str, ...]:
    """The least scopes that read them, without a duplicate, in a fixed order."""
    return tuple(sorted({resource_of(name).scope for name in resources}))


def feature_scopes(features: Iterable[str]) -> tuple[str, ...]:
    """The least scopes that these features need, without a duplicate."""
    chosen = tuple(features)
    own = {scope for name in chosen for scope in FEATURES[name].scopes}
    return tuple(sorted({*own, *scopes_of(resources_of(chosen))}))


def scopes_for(features: Iterable[str]) -> tuple[str, ...]:
    """What a consent to these features is asked for."""
    return (OFFLINE_ACCESS, *feature_scopes(features))


def features_granted(granted: Iterable[str]) -> tuple[str, ...]:
    """The features that these scopes suffice for."""
    held = tuple(granted)
    return tuple(
        feature
        for feature in FEATURES
        if not missing_scopes(feature_scopes([feature]), held)
    )


def missing_scopes(required: Iterable[str], granted: Iterable[str]) -> tuple[str, ...]:
    """Required scopes that were not granted. The right to write includes reading."""
    held = set(granted)
    return tuple(
        scope
        for scope in required
        if scope not in held and scope.removesuffix(".read") not in held
    )
