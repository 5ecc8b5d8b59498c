"""`tap-xero`, the Singer tap: its own stream, from request to records on its output.

Set from outside, because the tap has no setting for it:
- `client.BASE_URL`: the simulator in place of api.xero.com;
- the client's access token and tenant, which the tap fetches from identity.xero.com;
- `streams.FULL_PAGE_SIZE` 1,000 in place of 100, and `pageSize` with the connector's
  other parameters in the stream's own `filter_options`: the tap would otherwise ask
  ten times as often;
- its output goes to /dev/null and its log is off, where a target would have to read.
It orders by UpdatedDateUTC, and after a full last page asks for one more, which is
empty: both are the tap's own.
"""

from __future__ import annotations

import logging
import os
import sys

import tap_xero
from tap_xero import client, streams
from tap_xero.context import Context

from benchmarks.readers.measured import PAGE_SIZE, PARAMETERS, Job, job, report

NAME = "invoices"


class Output:
    """/dev/null that counts the records written to it."""

    def __init__(self) -> None:
        self.records = 0
        self._sink = open(os.devnull, "w")

    def write(self, text: str) -> None:
        self.records += text.startswith('{"type": "RECORD"')
        self._sink.write(text)

    def flush(self) -> None:
        self._sink.flush()


def main() -> None:
    """Run the stream's own `sync`."""
    wanted = job()
    client.BASE_URL = f"{wanted.address}/api.xro/2.0"
    streams.FULL_PAGE_SIZE = PAGE_SIZE
    stream = next(each for each in streams.all_streams if each.tap_stream_id == NAME)
    stream.filter_options.update(PARAMETERS | {"pageSize": PAGE_SIZE})
    context = _context(wanted, stream)
    stdout, output = sys.stdout, Output()

    def warm_up() -> None:
        options = stream.filter_options | {"page": 1}
        records = context.client.filter(NAME, **options)
        stream.format_fn(records)
        stream.write_records(records, context)

    def read() -> int:
        output.records = 0
        stream.sync(context)
        return output.records

    def quietly(act):
        def acted():
            sys.stdout = output
            try:
                return act()
            finally:
                sys.stdout = stdout

        return acted

    report(quietly(warm_up), quietly(read))


def _context(wanted: Job, stream: streams.Stream) -> Context:
    """A catalogue with this stream and all of its fields selected."""
    logging.disable(logging.CRITICAL)
    schema = tap_xero.load_schema(NAME)
    metadata = tap_xero.load_metadata(stream, schema)
    for each in metadata:
        each["metadata"]["selected"] = True
    entry = tap_xero.CatalogEntry(
        tap_stream_id=NAME,
        stream=NAME,
        key_properties=stream.pk_fields,
        schema=tap_xero.Schema.from_dict(schema),
        metadata=metadata,
    )
    config = {"start_date": "2000-01-01T00:00:00Z"}
    context = Context(config, {}, tap_xero.Catalog([entry]), None)
    context.client.access_token = wanted.token
    context.client.tenant_id = wanted.tenant
    return context


if __name__ == "__main__":
    main()
