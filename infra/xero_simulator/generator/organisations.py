"""Invented organisations, each with its contacts, items and documents."""

import uuid
from random import Random

from infra.xero_simulator.generator.contacts import LATEST_CHANGE, ContactMaker
from infra.xero_simulator.generator.countries import COUNTRIES, Country
from infra.xero_simulator.generator.credits import CreditMaker
from infra.xero_simulator.generator.invoices import InvoiceMaker
from infra.xero_simulator.generator.items import ItemMaker
from infra.xero_simulator.ledger import settle
from infra.xero_simulator.store import Tenant
from infra.xero_simulator.values import Record

# So Xero names the companies that it gives everybody to try things out.
_DEMO = "Demo Company"
_NAMES = (
    "Kauri Point Trading",
    _DEMO,
    "Thornfield Hale Wholesale",
    "Prairie Oak Supply",
)


def generate(
    seed: int,
    index: int,
    contacts: int,
    invoices: int = 0,
    lines: int = 3,
    items: int = 30,
    latest: int = LATEST_CHANGE,
) -> Tenant:
    """The `index`-th organisation of a seed; each stands in another country.

    With invoices there are credits too, and the contacts' balances are what these
    documents leave open. They are of the two years up to `latest`, the beginning of a
    day (in ms); contacts and items are the same for any.
    """
    rng = Random(f"{seed}/{index}")
    country = COUNTRIES[index % len(COUNTRIES)]
    record = _organisation(rng, country, index)
    tenant = Tenant(record["OrganisationID"], record["Name"], record)
    maker = ContactMaker(rng, country)
    tenant.contacts.fill(maker.make(contacts))
    tenant.contact_groups.fill(maker.groups)
    # Random numbers of their own: the contacts are the same whatever else is there.
    tenant.items.fill(ItemMaker(Random(f"{seed}/{index}/items"), country).make(items))
    if invoices:
        _add_documents(tenant, country, f"{seed}/{index}", invoices, lines, latest)
    return tenant


def _add_documents(
    tenant: Tenant, country: Country, seed: str, invoices: int, lines: int, latest: int
) -> None:
    contacts, items = tenant.contacts.records(), tenant.items.records()
    rng = Random(f"{seed}/invoices")
    maker = InvoiceMaker(rng, country, contacts, items, lines, latest)
    tenant.invoices.fill(maker.make(invoices))
    CreditMaker(Random(f"{seed}/credits"), country, tenant, latest).make()
    settle(tenant, latest)
    tenant.balanced_on = latest


def _organisation(rng: Random, country: Country, index: int) -> Record:
    day, month = country.year_end
    version = "UK" if country.code == "GB" else country.code
    base = _NAMES[index % len(_NAMES)]
    name = f"{base} ({version})"
    if index >= len(_NAMES):
        name = f"{name} {index // len(_NAMES) + 1}"
    return {
        "Name": name,
        "LegalName": f"{base} {country.suffixes[0]}",
        "PaysTax": True,
        "Version": version,
        "OrganisationType": "COMPANY",
        "BaseCurrency": country.currency,
        "CountryCode": country.code,
        "IsDemoCompany": base == _DEMO,
        "OrganisationStatus": "ACTIVE",
        "TaxNumber": country.tax_number(rng),
        "FinancialYearEndDay": day,
        "FinancialYearEndMonth": month,
        "SalesTaxBasis": "ACCRUALS",
        "SalesTaxPeriod": "TWOMONTHS",
        "DefaultSalesTax": "Tax Exclusive",
        "DefaultPurchasesTax": "Tax Inclusive",
        "CreatedDateUTC": f"/Date({LATEST_CHANGE - 4 * 365 * 86_400_000})/",
        "OrganisationEntityType": "COMPANY",
        "Timezone": country.timezone,
        "ShortCode": "!"
        + "".join(rng.choices("abcdfghjkmnpqrstvwxyz23456789BDFG", k=5)),
        "OrganisationID": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        "Edition": "BUSINESS",
        "Class": "DEMO" if base == _DEMO else "PREMIUM",
        "Addresses": [_address(rng, country)],
        "Phones": [],
        "ExternalLinks": [],
        "PaymentTerms": {},
    }


def _address(rng: Random, country: Country) -> Record:
    city = country.cities[0]
    return {
        "AddressType": "STREET",
        "AddressLine1": f"{rng.randrange(1, 200)} Queen Street",
        "City": city.name,
        "Region": city.region,
        "Country": country.name,
    }
