"""The memory of a worker's process: with all that the deployed function imports and
with AWS's clients, which are made and not called."""

from __future__ import annotations

import os

from benchmarks.connector import IN_MEMORY, Connector, in_memory
from benchmarks.readers.measured import job, report
from benchmarks.simulator import Simulator
from infra.local import aws
from lambda_connector.handlers import observability
from lambda_connector.handlers.services import aws_ports
from lambda_connector.logic.clock import SystemClock


def main() -> None:
    os.environ["AWS_DEFAULT_REGION"] = aws.REGION
    held = observability, aws_ports(IN_MEMORY, SystemClock())
    connector = Connector.connect(Simulator(job().address), "sales", in_memory())
    report(lambda: held, lambda: connector.read("full", resources=("invoices",)))


if __name__ == "__main__":
    main()
