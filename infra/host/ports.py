"""The ports that the pieces listen on."""

import os
import random
import socket
from collections.abc import Mapping

from infra.host.errors import HostError

DEFAULTS = {
    "ODOO_PORT": 8069,
    "CONNECTOR_PORT": 8070,
    "SIMULATOR_PORT": 8071,
    "MOTO_PORT": 8072,
}
_OUT_OF_THE_WAY = range(20_000, 32_000)
"""Linux gives higher ones to whoever connects, so one that was free a moment ago is
soon somebody's."""
_given: set[int] = set()


def chosen_ports(environment: Mapping[str, str] = os.environ) -> dict[str, int]:
    """The four ports, by the variable that chooses each.

    :raises HostError: a variable holds no port, or two hold the same
    """
    ports: dict[str, int] = {}
    for variable, default in DEFAULTS.items():
        port = port_of(environment, variable, default)
        if port in ports.values():
            raise HostError(
                f"Port {port} is wanted twice", variable, f"set {variable} to another"
            )
        ports[variable] = port
    return ports


def port_of(environment: Mapping[str, str], variable: str, default: int) -> int:
    """The port that a variable chooses.

    :raises HostError: it holds no port
    """
    text = environment.get(variable) or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise HostError(
            f"{variable} is no port", repr(text), f"set {variable}={default}"
        )
    return int(text)


def require_free(ports: Mapping[str, int]) -> None:
    """Check that nothing listens on the ports yet.

    :raises HostError: names the busy port and the variable that changes it
    """
    for variable, port in ports.items():
        if not is_free(port):
            raise HostError(
                f"Port {port} is taken",
                "another program listens there",
                f"stop it, or choose another one with {variable}=…",
            )


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """Different ports that nobody listens on now, and that were not given before."""
    return [_free_port() for _ in range(count)]


def _free_port() -> int:
    while True:
        port = random.choice(_OUT_OF_THE_WAY)
        if port not in _given and is_free(port):
            _given.add(port)
            return port


def free_port() -> int:
    """A port that nobody listens on now."""
    return free_ports(1)[0]
