"""Writing several records in one call, and what is answered where some are refused.

Source: developer.xero.com, requests and responses, summarize errors; the answers of
PUT /Contacts in Xero's OpenAPI description.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from werkzeug.wrappers import Response

from infra.xero_simulator.accounting.envelope import answer
from infra.xero_simulator.refusals import ApiRefused
from infra.xero_simulator.routing import Exchange
from infra.xero_simulator.values import Record

NO_ID = "00000000-0000-0000-0000-000000000000"


class Refused(Exception):
    """A record that Xero does not take; the messages say why."""

    def __init__(self, *messages: str) -> None:
        super().__init__("; ".join(messages))
        self.messages = messages


@dataclass(frozen=True)
class Kind:
    """What is particular to a kind of record when it is written.

    :param plural: its name in bodies and answers
    :param save: writes a record that was sent, and gives it as it is shown; raises
        Refused
    :param echo: shows a record that was refused
    """

    plural: str
    save: Callable[[Exchange, Record], Record]
    echo: Callable[[Exchange, Record], Record]


def write(exchange: Exchange, kind: Kind, sent: Sequence[Record]) -> Response:
    """Write records one after the other; those that are valid are written whatever
    is wrong with others.

    With `summarizeErrors=false` each is answered for itself. Without it a refusal
    makes the answer 400, which names the refused ones alone. Raises ApiRefused.
    """
    with exchange.tenant.changing:
        results = [_saved(exchange, kind, each) for each in sent]
    exchange.written = sum(not each.get("ValidationErrors") for each in results)
    if exchange.request.args.get("summarizeErrors", "").lower() == "false":
        shown = [_with_status(record) for record in results]
        return answer(exchange, kind.plural, shown)
    if refused := [each for each in results if each.get("ValidationErrors")]:
        message = "A validation exception occurred"
        raise ApiRefused(10, "ValidationException", message, refused)
    return answer(exchange, kind.plural, results)


def _saved(exchange: Exchange, kind: Kind, sent: Record) -> Record:
    try:
        return kind.save(exchange, sent)
    except Refused as error:
        errors = [{"Message": message} for message in error.messages]
        return kind.echo(exchange, sent) | {"ValidationErrors": errors}


def _with_status(record: Record) -> Record:
    status = "ERROR" if record.get("ValidationErrors") else "OK"
    return record | {"StatusAttributeString": status}
