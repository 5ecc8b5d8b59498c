"""The main job on data in the shapes that Xero's own API description shows."""

from infra.host.host import Host
from infra.host.places import PROJECT
from tests.whole import Company, whole_stack

DESCRIBED = PROJECT / "infra" / "xero_simulator" / "datasets" / "described"


def test_described_data_arrives_or_is_named_with_a_reason(host: Host) -> None:
    with whole_stack(host, "described", ("--dataset", str(DESCRIBED))) as stack:
        company = Company.connected(stack)
        run = company.job.sync_now(company.connection)
        assert company.finish(run)["state"] == "done"
        assert company.differences() == []
        assert company.partners() > 0
        again = company.job.sync_now(company.connection)
        assert company.finish(again)["state"] == "done"
        assert company.differences() == []
