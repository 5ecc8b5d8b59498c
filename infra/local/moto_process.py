"""The process of moto's server, made to keep AWS's promises."""

import logging
import sys
from pathlib import Path

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import run_simple

from infra.local.deduplication import DeduplicationMemory
from infra.local.moto_queues import install
from infra.local.permissions import Gate


def main(port: int, grants_file: Path) -> None:
    install(DeduplicationMemory())
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    run_simple(
        "127.0.0.1",
        port,
        Gate(DomainDispatcherApplication(create_backend_app), grants_file),
        threaded=True,
        request_handler=MotoRequestHandler,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
