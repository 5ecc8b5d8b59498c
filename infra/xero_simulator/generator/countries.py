"""What differs between the countries that invented companies live in."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from infra.xero_simulator.generator import tax_numbers


@dataclass(frozen=True)
class City:
    """A city; `postcode` is a pattern whose # are digits."""

    name: str
    region: str
    postcode: str
    area_code: str


@dataclass(frozen=True)
class Country:
    """A country; phone numbers are patterns whose # are digits."""

    code: str
    name: str
    currency: str
    timezone: str
    dialling: str
    phone: str
    mobile: str
    mobile_area: str
    suffixes: tuple[str, ...]
    year_end: tuple[int, int]
    tax_number: Callable[[Random], str]
    sales_tax: str
    purchases_tax: str
    tax_rate: Decimal
    cities: tuple[City, ...]


NEW_ZEALAND = Country(
    code="NZ",
    name="New Zealand",
    currency="NZD",
    timezone="NEWZEALANDSTANDARDTIME",
    dialling="64",
    phone="555 ####",
    mobile="555 ###",
    mobile_area="21",
    suffixes=("Ltd", "Limited", "", "NZ Ltd"),
    year_end=(31, 3),
    tax_number=tax_numbers.new_zealand,
    sales_tax="OUTPUT2",
    purchases_tax="INPUT2",
    tax_rate=Decimal("0.15"),
    cities=(
        City("Auckland", "Auckland", "10##", "9"),
        City("Wellington", "Wellington", "60##", "4"),
        City("Christchurch", "Canterbury", "80##", "3"),
        City("Hamilton", "Waikato", "32##", "7"),
        City("Dunedin", "Otago", "90##", "3"),
        City("Tauranga", "Bay of Plenty", "31##", "7"),
        City("Nelson", "Nelson", "70##", "3"),
    ),
)

AUSTRALIA = Country(
    code="AU",
    name="Australia",
    currency="AUD",
    timezone="AUSEASTERNSTANDARDTIME",
    dialling="61",
    phone="5550 ####",
    mobile="570 ###",
    mobile_area="491",
    suffixes=("Pty Ltd", "Pty Limited", "", "Group Pty Ltd"),
    year_end=(30, 6),
    tax_number=tax_numbers.australia,
    sales_tax="OUTPUT",
    purchases_tax="INPUT",
    tax_rate=Decimal("0.10"),
    cities=(
        City("Sydney", "NSW", "20##", "2"),
        City("Melbourne", "VIC", "30##", "3"),
        City("Brisbane", "QLD", "40##", "7"),
        City("Perth", "WA", "60##", "8"),
        City("Adelaide", "SA", "50##", "8"),
        City("Hobart", "TAS", "70##", "3"),
    ),
)

UNITED_KINGDOM = Country(
    code="GB",
    name="United Kingdom",
    currency="GBP",
    timezone="GMTSTANDARDTIME",
    dialling="44",
    phone="960 ###",
    mobile="900 ###",
    mobile_area="7700",
    suffixes=("Ltd", "Limited", "LLP", "plc"),
    year_end=(31, 3),
    tax_number=tax_numbers.united_kingdom,
    sales_tax="OUTPUT2",
    purchases_tax="INPUT2",
    tax_rate=Decimal("0.20"),
    cities=(
        City("London", "Greater London", "SE1 #AA", "20"),
        City("Manchester", "Greater Manchester", "M1 #BD", "161"),
        City("Bristol", "Bristol", "BS1 #HX", "117"),
        City("Leeds", "West Yorkshire", "LS1 #DF", "113"),
        City("Edinburgh", "Midlothian", "EH1 #QW", "131"),
        City("Cardiff", "South Glamorgan", "CF10 #RB", "29"),
    ),
)

UNITED_STATES = Country(
    code="US",
    name="United States",
    currency="USD",
    timezone="EASTERNSTANDARDTIME",
    dialling="1",
    phone="555-01##",
    mobile="555-01##",
    mobile_area="917",
    suffixes=("Inc.", "LLC", "Corp.", "Co."),
    year_end=(31, 12),
    tax_number=tax_numbers.united_states,
    sales_tax="TAX001",
    purchases_tax="TAX001",
    tax_rate=Decimal("0.0825"),
    cities=(
        City("Portland", "OR", "972##", "503"),
        City("Austin", "TX", "787##", "512"),
        City("Denver", "CO", "802##", "303"),
        City("Columbus", "OH", "432##", "614"),
        City("Albany", "NY", "122##", "518"),
        City("Madison", "WI", "537##", "608"),
    ),
)

COUNTRIES = (NEW_ZEALAND, AUSTRALIA, UNITED_KINGDOM, UNITED_STATES)
