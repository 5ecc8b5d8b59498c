"""How PostgreSQL is reached; the operator's own server, when one is named."""

import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass

from infra.host.errors import HostError
from infra.host.ports import port_of

PORT = 5432


@dataclass(frozen=True)
class Connection:
    """How clients reach PostgreSQL, as libpq's environment variables."""

    host: str
    port: int
    user: str
    password: str = ""

    @property
    def environment(self) -> dict[str, str]:
        variables = {
            "PGHOST": self.host,
            "PGPORT": str(self.port),
            "PGUSER": self.user,
        }
        return variables | ({"PGPASSWORD": self.password} if self.password else {})


def own_server(
    private: str, environment: Mapping[str, str] = os.environ
) -> Connection | None:
    """The operator's server, when ``PGHOST`` is set.

    :param private: the private cluster's address, which is no choice of the operator's
    :raises HostError: its role is ``postgres``, which Odoo refuses
    """
    if environment.get("PGHOST") in (None, "", private):
        return None
    user = environment.get("PGUSER") or pwd.getpwuid(os.getuid()).pw_name
    if user == "postgres":
        raise HostError(
            "PGUSER is postgres",
            "Odoo refuses that role",
            "set PGUSER to another role that may create databases",
        )
    port = port_of(environment, "PGPORT", PORT)
    password = environment.get("PGPASSWORD", "")
    return Connection(environment["PGHOST"], port, user, password)
