"""Where Xero is known to differ from its descriptions: one table, each with its source.

A difference that no test meets any more fails the suite: it is no longer one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jsonschema import Draft202012Validator

from tests.contract.openapi.exchange import Exchange
from tests.contract.openapi.judge import Finding


@dataclass(frozen=True)
class Document:
    """What an answer looks like that no description shows.

    Attributes
    ----------
    media_type: as a pattern; None for an answer without a body
    text: what a body that is not JSON has to match
    schema: JSON Schema of a body that is JSON
    headers: what each of these headers has to match, where it is there
    """

    media_type: str | None = None
    text: str = ""
    schema: dict[str, Any] | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def fits(self, exchange: Exchange) -> bool:
        response = exchange.response
        sent = response.headers.get("Content-Type", "").partition(";")[0]
        if self.media_type is None:
            body_fits = not response.content
        elif not re.fullmatch(self.media_type, sent):
            body_fits = False
        elif self.schema:
            body_fits = self._is_valid(response.text)
        else:
            body_fits = bool(re.fullmatch(self.text, response.text))
        return body_fits and all(
            re.fullmatch(pattern, response.headers.get(name, ""))
            for name, pattern in self.headers
        )

    def _is_valid(self, body: str) -> bool:
        try:
            return Draft202012Validator(self.schema).is_valid(json.loads(body))
        except ValueError:
            return False


@dataclass(frozen=True)
class Difference:
    """A finding that is excused.

    Attributes
    ----------
    what: the difference in a sentence
    source: the public page, thread or section that shows it
    place, rule, operation, record, detail: of the finding, as patterns
    documents: for a status that is not described, what its answer may look like
    """

    what: str
    source: str
    place: str
    rule: str
    operation: str = ".*"
    record: str = ".*"
    detail: str = "(?s).*"
    documents: tuple[Document, ...] = ()

    def excuses(self, finding: Finding, exchange: Exchange) -> bool:
        alike = (
            (self.operation, finding.operation),
            (self.place, finding.place),
            (self.rule, finding.rule),
            (self.record, finding.record),
            (self.detail, finding.detail),
        )
        if not all(re.fullmatch(pattern, held) for pattern, held in alike):
            return False
        return not self.documents or any(one.fits(exchange) for one in self.documents)


@dataclass(frozen=True)
class Verdict:
    """The findings that nothing excuses, and the differences that were met."""

    findings: tuple[Finding, ...]
    met: frozenset[str]


def verdict(findings: Iterable[Finding], exchange: Exchange) -> Verdict:
    """Excuse what is known."""
    left, met = [], set()
    for finding in findings:
        excuses = [each for each in DIFFERENCES if each.excuses(finding, exchange)]
        met |= {each.what for each in excuses}
        if not excuses:
            left.append(finding)
    return Verdict(tuple(left), frozenset(met))


_TEXT = {"type": "string"}
_PROBLEM = {
    "type": "object",
    "additionalProperties": False,
    "required": ["Title", "Status", "Detail", "Instance"],
    "properties": {
        "Type": {"type": "null"},
        "Title": _TEXT,
        "Status": {"type": "integer"},
        "Detail": _TEXT,
        "Instance": {"type": "string", "pattern": "^[0-9a-f-]{36}$"},
        "Extensions": {"type": "object"},
    },
}


def _problem(detail: str, **headers: str) -> Document:
    schema = _PROBLEM | {
        "properties": _PROBLEM["properties"]
        | {"Detail": {"type": "string", "pattern": detail}}
    }
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Document("application/json", schema=schema, headers=named)


_REFUSED_QUERY = Document(
    "application/json",
    schema={
        "type": "object",
        "additionalProperties": False,
        "required": ["ErrorNumber", "Type", "Message"],
        "properties": {
            "ErrorNumber": {"enum": [10, 16, 51]},
            "Type": {"pattern": "^[A-Z][A-Za-z]+Exception$"},
            "Message": _TEXT,
            "Elements": {"type": "array"},
        },
    },
)
_THROTTLED = Document(
    headers=(
        ("X-Rate-Limit-Problem", "minute|day|appminute|concurrent"),
        ("Retry-After", r"\d*"),
    )
)
_SITE = "https://developer.xero.com"
_DOCUMENTATION = f"{_SITE}/documentation"
_CODES = f"{_DOCUMENTATION}/api/http-response-codes"
_REQUESTS = f"{_DOCUMENTATION}/api/requests-and-responses"
_OAUTH = f"{_DOCUMENTATION}/oauth2"
_GITHUB = "https://github.com"
_CREDITS = "CreditNotes|Overpayments|Prepayments"
_SALES = f"Invoices|{_CREDITS}"
_DESCRIBED = "infra/xero_simulator/datasets/described/README.md"
_EXAMPLES = "xero_accounting.yaml 16.1.0, the examples of its answers"

DIFFERENCES = (
    Difference(
        what="/connections is written in lower case",
        source=f"{_OAUTH}/auth-flow, the tenants you are authorized to access",
        operation=".* /Connections(/.*)?",
        place="path",
        rule="spelling",
    ),
    Difference(
        what="If-Modified-Since is a UTC time to the second without an offset",
        source=f"{_REQUESTS}, retrieving what was modified since",
        place="header If-Modified-Since",
        rule="format",
        detail=r"'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d' is not a 'date-time'",
    ),
    Difference(
        what="What is sold and owed is let in by a granular scope",
        source=f"{_SITE}/faq/granular-scopes",
        operation=rf"\w+ /({_SALES}|Items|Reports).*",
        place="scope accounting[.](invoices|payments|reports[.]aged)([.]read)?",
        rule="undescribed",
    ),
    Difference(
        what="Answers carry Id, Status, ProviderName and DateTimeUTC around the list",
        source=_EXAMPLES,
        operation=r"\w+ /[A-Z][a-z]+.*",
        place="body (Id|Status|ProviderName|DateTimeUTC)",
        rule="undescribed",
        detail=r'"([0-9a-f-]{36}|OK|/Date\(\d{13}\)/|\w[\w ]+)"',
    ),
    Difference(
        what="Contact groups carry HasValidationErrors",
        source=_EXAMPLES,
        place=r"body (\S+[.])?ContactGroups\[\][.]HasValidationErrors",
        rule="undescribed",
        detail="false",
    ),
    Difference(
        what="Documents carry their dates a second time, in ISO 8601",
        source=_EXAMPLES,
        operation=rf"\w+ /({_SALES}).*",
        place=rf"body ({_SALES})\[\][.](({_SALES})\[\][.])?(Due)?DateString",
        rule="undescribed",
        detail=r'"\d{4}-\d\d-\d\dT00:00:00"',
    ),
    Difference(
        what="What is set off against an invoice carries a general ID beside its own",
        source=_EXAMPLES,
        operation=rf"\w+ /({_SALES}).*",
        place=rf"body (Invoices\[\][.])?({_CREDITS})\[\][.]ID",
        rule="undescribed",
        detail='"[0-9a-f-]{36}"',
    ),
    Difference(
        what="Lines of a document carry ValidationErrors",
        source=_EXAMPLES,
        operation=rf"\w+ /({_SALES}).*",
        place=rf"body ({_SALES})\[\][.]LineItems\[\][.]ValidationErrors",
        rule="undescribed",
        detail=r"\[\]",
    ),
    Difference(
        what="Lines of over- and prepayments say how a discount was entered",
        source=_EXAMPLES,
        operation="GET /(Over|Pre)payments.*",
        place=r"body \w+\[\][.]LineItems\[\][.]DiscountEnteredAsPercent",
        rule="undescribed",
        detail="true|false",
    ),
    Difference(
        what="A single credit note carries Attachments",
        source=_EXAMPLES,
        operation="GET /CreditNotes/{CreditNoteID}",
        place=r"body CreditNotes\[\][.]Attachments",
        rule="undescribed",
        detail=r"\[.*",
    ),
    Difference(
        what="An invoice is a PDF where that is what is accepted",
        source=f"{_DOCUMENTATION}/api/accounting/invoices, retrieve an invoice as PDF",
        operation="GET /Invoices/{InvoiceID}",
        place="body",
        rule="MediaTypeNotFound",
        documents=(Document("application/pdf", "(?s)%PDF-1[.]4\n.+%%EOF\n"),),
    ),
    Difference(
        what="Examples misspell TaxNumberType",
        source=_EXAMPLES,
        operation="GET /Contacts",
        place=r"body Contacts\[\][.]TaxNumbeType",
        rule="undescribed",
        detail='""',
    ),
    Difference(
        what="A record that is refused is shown as it was sent",
        source=f"{_EXAMPLES}, 400 of PUT /Contacts",
        operation=r"(PUT|POST) /(Contacts|Invoices).*",
        place=r"body Elements\[\][.]\w+",
        rule="undescribed",
    ),
    Difference(
        what="What a refused contact consists of carries ValidationErrors",
        source=f"{_EXAMPLES}, 400 of PUT /Contacts",
        operation=r"(PUT|POST) /Contacts.*",
        place=r"body Contacts\[\][.](Phones|Addresses|ContactPersons)\[\][.]\w+",
        rule="undescribed",
        record="0{8}-.*",
        detail=r"\[\]",
    ),
    Difference(
        what="A key that was used for something else is a problem document",
        source=f"{_DOCUMENTATION}/guides/idempotent-requests/idempotency",
        operation=r"(PUT|POST) /.*",
        place="body .*",
        rule="undescribed|type",
        documents=(_problem("^Idempotency-Key .* is used with a different request$"),),
    ),
    Difference(
        what="Errors may be asked for one by one of a single record too",
        source=f"{_REQUESTS}, summarize errors",
        operation="POST /Contacts/{ContactID}",
        place="query summarizeErrors",
        rule="undescribed",
        detail="false",
    ),
    Difference(
        what="Dates are sent as calendar days",
        source="xero_accounting.yaml 16.1.0, schema Invoice, Date and DueDate",
        operation=r"(PUT|POST) /Invoices.*",
        place=r"body Invoices\[\][.](Due)?Date",
        rule="x-is-msdate",
        detail=r"'\d{4}-\d\d-\d\d' is no .*",
    ),
    Difference(
        what="The times of connections have seven digits and no offset",
        source="xero-identity.yaml 16.1.0, the example of GET /Connections",
        operation="GET /Connections",
        place=r"body \[\][.](created|updated)DateUtc",
        rule="format",
        detail=r"'[\d-]{10}T[\d:]{8}[.]\d{7}' is not a 'date-time'",
    ),
    Difference(
        what="The token answer names the scopes",
        source="RFC 6749, 5.1",
        operation="POST /connect/token",
        place="body scope",
        rule="undescribed",
        detail='"[a-z._ ]+"',
    ),
    Difference(
        what="A query that Xero does not take is a 400 with its error number",
        source=f"{_CODES}, 400; xero_accounting.yaml 16.1.0, schema Error",
        operation=r"\w+ /[A-Z][a-z]+.*",
        place="status 400",
        rule="undescribed",
        documents=(_REFUSED_QUERY,),
    ),
    Difference(
        what="A call without a token that counts is a 401 that says why",
        source=f"{_GITHUB}/XeroAPI/xero-php-oauth2/issues/138; "
        f"{_GITHUB}/freakboy3742/pyxero, tests/test_exceptions.py, expired",
        place="status 401",
        rule="undescribed",
        documents=(
            _problem("^AuthenticationUnsuccessful$"),
            _problem("^TokenExpired: token expired at "),
        ),
    ),
    Difference(
        what="A call whose scope is missing is a 401 with a challenge",
        source=f"{_GITHUB}/XeroAPI/Xero-NetStandard/issues/298; "
        f"{_OAUTH}/troubleshooting",
        place="status 401",
        rule="undescribed",
        documents=(
            _problem(
                "^AuthorizationUnsuccessful$", WWW_Authenticate=".*insufficient_scope.*"
            ),
        ),
    ),
    Difference(
        what="A call for a tenant that is not connected is a 403",
        source=f"{_GITHUB}/dcblogdev/laravel-xero/issues/40; {_OAUTH}/troubleshooting",
        place="status 403",
        rule="undescribed",
        documents=(_problem("^AuthenticationUnsuccessful$"),),
    ),
    Difference(
        what="What is not there is a 404 in plain words",
        source=f"{_GITHUB}/freakboy3742/pyxero, tests/test_exceptions.py, not found",
        place="status 404",
        rule="undescribed",
        documents=(
            Document(
                "text/(plain|html)", "The resource you're looking for cannot be found"
            ),
        ),
    ),
    Difference(
        what="A call too many is a 429 that names the limit",
        source=f"{_SITE}/faq/limits; {_GITHUB}/XeroAPI/xero-node/issues/634",
        place="status 429",
        rule="undescribed",
        documents=(_THROTTLED,),
    ),
    Difference(
        what="An error of Xero's own is a 500 with a problem document",
        source=f"{_GITHUB}/XeroAPI/xero-node/issues/466",
        place="status 500",
        rule="undescribed",
        documents=(_problem("^An error occurred in Xero[.] "),),
    ),
    Difference(
        what="Xero or the organisation away is a 503 in text or HTML",
        source=f"{_CODES}, 503, not available and organisation offline",
        place="status 503",
        rule="undescribed",
        documents=(
            Document("text/plain", "(?s).+"),
            Document("text/html", "(?s)<html>.*</html>"),
        ),
    ),
    Difference(
        what="The described data set holds bad contacts on purpose",
        source=f"{_DESCRIBED}, contacts, bad input",
        place=r"body Contacts\[\].*",
        rule="undescribed|type|enum|maxLength",
        record="000000(2[7-9]|3[0-9]|4[0-5])-0000-4000-8000-0{10}..",
    ),
    Difference(
        what="The described data set holds bad invoices on purpose",
        source=f"{_DESCRIBED}, invoices, bad input",
        place=r"body Invoices\[\].*",
        rule="undescribed|type|enum|maxLength|format",
        record="100000(2[5-9]|3[0-9]|4[0-4])-0000-4000-8000-0{10}..",
    ),
    Difference(
        what="The described data set holds bad credits on purpose",
        source=f"{_DESCRIBED}, credits, bad input",
        place=rf"body ({_CREDITS})\[\].*",
        rule="undescribed|type|enum|maxLength|format|x-is-msdate",
        record="(810000(1[5-9]|2[01])|8[23]00000[78])-0000-4000-8000-0{10}..",
    ),
    Difference(
        what="The described data set holds bad items on purpose",
        source=f"{_DESCRIBED}, items, bad input",
        place=r"body Items\[\].*",
        rule="undescribed|type|maxLength",
        record="400000(09|1[0-4])-0000-4000-8000-0{10}..",
    ),
)
