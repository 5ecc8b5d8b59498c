"""The floor: the least that anybody would write by hand."""

from __future__ import annotations

import gzip
import json

import requests

from benchmarks.readers.measured import PAGE_SIZE, PARAMETERS, job, report


def main() -> None:
    """requests gets and unpacks, json parses, gzip packs at its fastest."""
    wanted, session = job(), requests.Session()

    def page(number: int) -> int:
        paging = {"order": "InvoiceID", "page": number, "pageSize": PAGE_SIZE}
        answer = session.get(
            f"{wanted.address}/api.xro/2.0/Invoices",
            headers=wanted.headers,
            params=PARAMETERS | paging,
            timeout=60,
        )
        answer.raise_for_status()
        records = json.loads(answer.content)["Invoices"]
        gzip.compress(answer.content, compresslevel=1)
        return len(records)

    report(lambda: page(1), lambda: sum(map(page, range(1, wanted.pages + 1))))


if __name__ == "__main__":
    main()
