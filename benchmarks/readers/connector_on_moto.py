"""The worker on moto's tables, buckets and keys, which run in this very process: what
moto computes is in the figure."""

from __future__ import annotations

import os

from benchmarks.connector import Connector
from benchmarks.readers.connector import measure
from benchmarks.readers.measured import job
from benchmarks.simulator import Simulator
from infra.local import aws
from lambda_connector.handlers.services import aws_ports
from lambda_connector.logic.clock import SystemClock
from tests.integration.connector.aws import pretended_aws


def main() -> None:
    aws.isolate()
    os.environ["AWS_DEFAULT_REGION"] = aws.REGION
    wanted = job()
    with pretended_aws() as settings:
        ports = aws_ports(settings, SystemClock())
        simulator = Simulator(wanted.address)
        measure(Connector.connect(simulator, "sales", ports, settings), wanted)


if __name__ == "__main__":
    main()
