"""The connector's worker, from Xero's answer to parts that are announced in the feed.

Storage is memory: what AWS's services take is theirs. `connector_on_moto` has it too.
"""

from __future__ import annotations

from benchmarks.connector import Connector, in_memory
from benchmarks.readers.measured import Job, job, report
from benchmarks.simulator import Simulator


def main() -> None:
    wanted = job()
    connector = Connector.connect(Simulator(wanted.address), "sales", in_memory())
    measure(connector, wanted)


def measure(connector: Connector, wanted: Job) -> None:
    """The first page for the warming up, then a full sync.

    A sync can't be told to read one page: its first message reads the first page, and
    a full one takes the place of what it left.
    """
    instance, connection = connector.connection.instance, connector.connection.id
    syncs, resources = connector.services.syncs, ("invoices",)

    def warm_up() -> None:
        started, _ = syncs.start(instance, connection, "full", resources=resources)
        connector.deliver()
        syncs.cancel(instance, started.id)
        connector.queue.messages.clear()

    report(warm_up, lambda: connector.read("full", resources=resources))


if __name__ == "__main__":
    main()
