"""Ports are chosen by variables, and a busy one is named with its variable."""

import socket

import pytest

from infra.host.errors import HostError
from infra.host.ports import DEFAULTS, chosen_ports, free_ports, require_free


def test_defaults_hold_where_nothing_is_set() -> None:
    assert chosen_ports({}) == DEFAULTS


def test_a_variable_changes_its_port_alone() -> None:
    assert chosen_ports({"ODOO_PORT": "9000"}) == {**DEFAULTS, "ODOO_PORT": 9000}


@pytest.mark.parametrize("text", ["http", "0", "65536", "-1", "80 69"])
def test_what_is_no_port_is_refused_by_name(text: str) -> None:
    with pytest.raises(HostError, match="ODOO_PORT is no port"):
        chosen_ports({"ODOO_PORT": text})


def test_one_port_for_two_pieces_is_refused() -> None:
    with pytest.raises(HostError, match="8070 is wanted twice"):
        chosen_ports({"ODOO_PORT": "8070"})


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_a_taken_port_is_named_with_its_variable(address: str) -> None:
    with socket.socket() as other:
        other.bind((address, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(HostError, match=rf"Port {port} is taken.*MOTO_PORT="):
            require_free({"MOTO_PORT": port})


def test_free_ports_are_different_and_free() -> None:
    ports = free_ports(4)
    assert len({*ports, *free_ports(400)}) == 404, "nor is one given twice"
    require_free({f"PORT_{port}": port for port in ports})
