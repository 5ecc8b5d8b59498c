"""The API held against its own OpenAPI document by schemathesis: what it sends, valid
and not, was thought of by nobody here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.engine import events, from_schema

from tests.contract.served_api import DOCUMENT, ServedApi

EXAMPLES = 80
COMPLETION = "POST /v1/authorizations/{authorization}/completion"
"""Of a consent just begun: nobody has gone to Xero yet."""
SCENARIOS = 60
STEPS = 8
SEED = 20261103

CHECKS = {
    # As schemathesis has them, and 410: a position of the right form may well be one
    # that the feed has not.
    "positive_data_acceptance": {
        "expected-statuses": "2xx 3xx 401 403 404 409 410 429 5xx".split()
    },
    # Too many of something may be too much as a whole (413).
    "negative_data_rejection": {
        "expected-statuses": "400 401 403 404 405 406 409 413 415 422 429 5xx".split()
    },
    # A connection that was disconnected stays to be seen, with its syncs and with what
    # waits in its feed.
    "use_after_free": {"enabled": False},
}
CALLBACK = {
    "include-operation-id": "return_from_xero",
    "checks": {
        # Any text is a valid state until it is looked up; then it is a page with 400.
        "positive_data_acceptance": {"expected-statuses": ["302", "400"]},
        # API Gateway has a route for GET alone and answers 404 to the rest by itself.
        "unsupported_method": {"enabled": False},
    },
}
COMPLETING = {
    "include-operation-id": "complete_authorization",
    # The code that the browser brought from Xero may be any text (422 `code_refused`).
    "checks": {
        "positive_data_acceptance": {
            "expected-statuses": "2xx 401 403 404 409 410 422 5xx".split()
        }
    },
}


_CONNECTION = "/v1/connections/{connection}"
AGAIN = {
    f"POST {_CONNECTION}/contacts": {200, 202},
    f"PATCH {_CONNECTION}/contacts/{{contact}}": {202},
    f"POST {_CONNECTION}/invoices": {200, 202},
}
"""Answers that take a try before, or an answer of Xero's that was lost."""


def config(api: ServedApi) -> schemathesis.Config:
    """Its own checks, all of them; our own ids in four of five places for one."""
    names = {name: [value] for name, value in api.names.items()}
    # The beginning of a feed is a position too, and has no stamp.
    names |= {"after": [0, api.names["n"]], "n": [0, api.names["n"]]}
    return schemathesis.Config.from_dict(
        {
            "seed": SEED,
            "request-timeout": 20,
            "continue-on-failure": True,
            "headers": {"Authorization": f"Bearer {api.world.key}"},
            "generation": {
                "max-examples": EXAMPLES,
                "deterministic": True,
                "database": "none",
            },
            "phases": {"stateful": {"enabled": api.goes_on}},
            "dictionaries": {
                name: {"values": values} for name, values in names.items()
            },
            "parameters": {
                f"{place}{name}": {"dictionary": name, "probability": 0.8}
                for place in ("", "body.")
                for name in names
                # What is written has the same name as the id of what was.
                if f"{place}{name}" not in ("body.contact", "body.invoice")
            },
            "checks": CHECKS,
            "operations": [CALLBACK, COMPLETING],
        }
    )


@contextmanager
def schema_of(api: ServedApi) -> Iterator[schemathesis.BaseSchema]:
    with api.listening() as url:
        yield schemathesis.openapi.from_url(url + DOCUMENT, config=config(api))


def test_api_is_as_its_document_says() -> None:
    with schema_of(ServedApi()) as schema:
        check_every_operation(schema)


def test_calls_that_follow_one_another_fit_together() -> None:
    """Along the document's links: what was made is there for the next call."""
    api = ServedApi(goes_on=True)
    reached = Counter()
    with schema_of(api) as schema:
        # What is written to Xero leads to nothing here.
        linked = schema.exclude(tag="writes")

        class Story(linked.as_state_machine()):
            def setup(self) -> None:
                api.begin_anew()

            def after_call(
                self, response: schemathesis.Response, case: schemathesis.Case
            ) -> None:
                super().after_call(response, case)
                reached[case.operation.label] += response.status_code < 400

        Story.run(
            settings=settings(
                max_examples=SCENARIOS,
                stateful_step_count=STEPS,
                derandomize=True,
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            )
        )
    never = {label for label, times in reached.items() if not times}
    assert never <= {COMPLETION}


def check_every_operation(schema: schemathesis.BaseSchema) -> None:
    found: set[str] = set()
    reached = defaultdict(set)
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            found.add(repr(vars(event.info) if hasattr(event, "info") else event))
        if isinstance(event, events.ScenarioFinished):
            found.update(failures(event))
            for sent in event.recorder.interactions.values():
                if sent.response:
                    reached[event.label].add(sent.response.status_code)
    assert not found, "\n\n".join(sorted(found))
    assert {
        label: statuses - AGAIN.get(label, set())
        for label, statuses in successes(schema).items()
    } == {
        label: statuses & {200, 201, 202, 204, 302} - AGAIN.get(label, set())
        for label, statuses in reached.items()
    }


def failures(event: events.ScenarioFinished) -> Iterator[str]:
    for checks in event.recorder.checks.values():
        for check in checks:
            if held := check.failure_info:
                said = held.failure.title, event.label, held.failure.message
                yield "\n".join([*said, held.code_sample[:2000]])


def successes(schema: schemathesis.BaseSchema) -> dict[str, set[int]]:
    """Every operation's successes, as the document has them."""
    return {
        f"{method.upper()} {path}": {int(one) for one in held["responses"] if one < "4"}
        for path, methods in schema.raw_schema["paths"].items()
        for method, held in methods.items()
    }
