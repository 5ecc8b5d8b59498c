"""Which PostgreSQL is used, and where its socket lies."""

from pathlib import Path

import pytest

from infra.host.errors import HostError
from infra.host.postgres_cluster import socket_folder
from infra.host.postgres_connection import Connection, own_server

PRIVATE = "/srv/project/.host/postgres/socket"


def test_without_pghost_there_is_no_own_server() -> None:
    assert own_server(PRIVATE, {"PGUSER": "someone"}) is None


def test_the_private_clusters_address_is_not_taken_for_the_operators() -> None:
    assert own_server(PRIVATE, {"PGHOST": PRIVATE}) is None


def test_own_server_is_reached_by_libpqs_variables() -> None:
    variables = {
        "PGHOST": "db.example",
        "PGPORT": "6432",
        "PGUSER": "crm",
        "PGPASSWORD": "secret",
    }
    connection = own_server(PRIVATE, variables)
    assert connection == Connection("db.example", 6432, "crm", "secret")
    assert connection.environment == variables


def test_a_server_without_password_sets_none() -> None:
    connection = own_server(PRIVATE, {"PGHOST": "/run/postgresql", "PGUSER": "crm"})
    assert "PGPASSWORD" not in connection.environment


def test_the_role_that_odoo_refuses_is_refused_at_once() -> None:
    with pytest.raises(HostError, match="PGUSER is postgres"):
        own_server(PRIVATE, {"PGHOST": "db.example", "PGUSER": "postgres"})


def test_a_port_that_is_no_number_is_said_in_one_line() -> None:
    with pytest.raises(HostError, match="PGPORT is no port"):
        own_server(PRIVATE, {"PGHOST": "db.example", "PGUSER": "crm", "PGPORT": "five"})


def test_the_socket_lies_in_the_clusters_folder() -> None:
    assert socket_folder(Path("/srv/project/.host/postgres")) == Path(
        "/srv/project/.host/postgres/socket"
    )


def test_a_long_path_gets_a_short_socket_folder_of_its_own() -> None:
    folders = [Path("/srv") / (letter * 90) / "postgres" for letter in "ab"]
    sockets = [socket_folder(folder) for folder in folders]
    assert all(len(str(each / ".s.PGSQL.5432")) < 107 for each in sockets)
    assert len(set(sockets)) == 2
