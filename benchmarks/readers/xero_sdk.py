"""Xero's own SDK for Python, `xero-python`, as its documentation uses it."""

from __future__ import annotations

from xero_python.accounting import AccountingApi
from xero_python.api_client import ApiClient
from xero_python.api_client.configuration import Configuration
from xero_python.api_client.oauth2 import OAuth2Token

from benchmarks.readers.measured import PAGE_SIZE, PARAMETERS, job, report


def main() -> None:
    """Nothing of it is patched: the address is an argument of its API class."""
    wanted = job()
    client = ApiClient(
        Configuration(oauth2_token=OAuth2Token(client_id="x", client_secret="x"))
    )
    token = {
        "access_token": wanted.token,
        "token_type": "Bearer",
        "expires_in": 1800,
        "refresh_token": "unused",
        "scope": ["accounting.invoices.read"],
    }
    client.oauth2_token_getter(lambda: token)
    client.oauth2_token_saver(lambda _: None)
    api = AccountingApi(client, f"{wanted.address}/api.xro/2.0")

    def page(number: int) -> int:
        answer = api.get_invoices(
            wanted.tenant,
            where=PARAMETERS["where"],
            order="InvoiceID",
            page=number,
            include_archived="true",
            unitdp=4,
            page_size=PAGE_SIZE,
        )
        return len(answer.invoices)

    report(lambda: page(1), lambda: sum(map(page, range(1, wanted.pages + 1))))


if __name__ == "__main__":
    main()
