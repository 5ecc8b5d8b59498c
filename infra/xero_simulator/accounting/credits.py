"""What the routes of credit notes, overpayments and prepayments have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from werkzeug.wrappers import Request, Response

from infra.xero_simulator import refusals
from infra.xero_simulator.accounting.documents import listed, unit_places, whole
from infra.xero_simulator.accounting.envelope import answer
from infra.xero_simulator.accounting.listing import Listing, answer_list
from infra.xero_simulator.accounting.where import Fields, Test
from infra.xero_simulator.routing import Exchange, Route
from infra.xero_simulator.values import Record

_FIELDS: Fields = {
    "Type": str,
    "Status": str,
    "Reference": str,
    "Contact.ContactID": UUID,
    "Contact.Name": str,
    "Date": datetime,
    "UpdatedDateUTC": datetime,
    "LineAmountTypes": str,
    "SubTotal": Decimal,
    "TotalTax": Decimal,
    "Total": Decimal,
    "RemainingCredit": Decimal,
    "CurrencyCode": str,
    "CurrencyRate": Decimal,
    "HasAttachments": bool,
}


def _nothing_more(request: Request) -> Sequence[Test]:
    return ()


@dataclass(frozen=True)
class CreditResource:
    """Two routes: the list and a single credit.

    :param collection: where a tenant keeps them
    :param plural: their name in paths and answers
    :param scopes: of which one is needed
    :param fields: those that not all credits have
    :param conditions: what the list's own parameters ask for
    :param also_named_by: a field that names one as well as its id
    """

    collection: str
    plural: str
    scopes: tuple[str, ...]
    fields: Fields
    conditions: Callable[[Request], Sequence[Test]] = field(default=_nothing_more)
    also_named_by: str | None = None

    @property
    def routes(self) -> list[Route]:
        path = f"/api.xro/2.0/{self.plural}"
        return [
            Route("GET", path, self._list, self.scopes),
            Route("GET", path + "/{credit}", self._get, self.scopes),
        ]

    def _list(self, exchange: Exchange) -> Response:
        places = unit_places(exchange.request)
        listing = Listing(
            exchange.tenant.collections[self.collection],
            {**_FIELDS, **self.fields},
            self.conditions(exchange.request),
            lambda page: [listed(each, page, places) for each in page.records],
        )
        return answer_list(exchange, listing)

    def _get(self, exchange: Exchange, credit: str) -> Response:
        found = self._found(exchange, credit)
        if found is None:
            return refusals.not_found()
        shown = whole(exchange.tenant, found, unit_places(exchange.request))
        return answer(exchange, self.plural, [shown])

    def _found(self, exchange: Exchange, name: str) -> Record | None:
        collection = exchange.tenant.collections[self.collection]
        if found := collection.get(name):
            return found
        if self.also_named_by is None:
            return None
        return collection.find(lambda each: each.get(self.also_named_by) == name)
