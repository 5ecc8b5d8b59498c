"""The main job on data in the shapes that Xero's own API description shows."""

from infra.demo.sales_comparison import SimulatedBooks, compare_sales
from infra.host.host import Host
from infra.host.places import PROJECT
from tests.whole import Company, whole_stack

DESCRIBED = PROJECT / "infra" / "xero_simulator" / "datasets" / "described"


# Contacts 1 and 5 of the data have the balances of Xero's own examples, which have no
# documents behind them; "dig" and "DIG" are two items with one key.
NOT_ALIKE = (
    "'Alder Components Co.' owes",
    "'Central Limousine Hire' owes",
    "item 'dig'",
)


def sales_differences(company: Company) -> list[str]:
    books = SimulatedBooks(company.stack.simulator_url, company.organisation)
    found = compare_sales(books, company.admin).differences
    return [line for line in found if not line.startswith(NOT_ALIKE)]


def test_described_data_arrives_or_is_named_with_a_reason(host: Host) -> None:
    with whole_stack(host, "described", ("--dataset", str(DESCRIBED))) as stack:
        company = Company.connected(stack)
        run = company.job.sync_now(company.connection)
        assert company.finish(run)["state"] == "done"
        assert company.differences() == []
        assert company.partners() > 0
        company.job.wait_for_figures(run)
        assert sales_differences(company) == []
        again = company.job.sync_now(company.connection)
        assert company.finish(again)["state"] == "done"
        assert company.differences() == []
        company.job.wait_for_figures(again)
        assert sales_differences(company) == []
