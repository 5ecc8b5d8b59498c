"""PostgreSQL: the operator's own server, or a private cluster in the host folder.

The private cluster listens on a socket only, in a folder that belongs to the user it
runs as. It holds nothing that can't be made again, so it does not wait for the disk.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.host import apt
from infra.host.commands import run
from infra.host.errors import HostError
from infra.host.packages import packages
from infra.host.places import host_folder
from infra.host.ports import port_of
from infra.host.steps import Steps, alone

OLDEST = 13
ROLE = "odoo"
PORT = 5432
# A socket's address is at most 107 bytes; PostgreSQL adds a file name to the folder.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.65535.lock")
SETTINGS = f"""
listen_addresses = ''
port = {PORT}
unix_socket_directories = '{{socket}}'
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 256MB
max_connections = 100
timezone = 'UTC'
"""


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


def own_server(environment: Mapping[str, str] = os.environ) -> Connection | None:
    """The operator's server, when ``PGHOST`` is set.

    The private cluster's own address there is no choice of the operator's.

    :raises HostError: its role is ``postgres``, which Odoo refuses
    """
    private = str(socket_folder(cluster_folder()))
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


def cluster_folder() -> Path:
    """Where the private cluster of this checkout lies."""
    return host_folder() / "postgres"


@dataclass(frozen=True)
class Programs:
    """The folder of PostgreSQL's programs and what they need to start."""

    folder: Path
    environment: Mapping[str, str]


def machine_programs(environment: Mapping[str, str] = os.environ) -> Programs | None:
    """The newest PostgreSQL on this machine that is new enough."""
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    found = {_version(folder): folder for folder in folders}
    on_path = shutil.which("initdb", path=environment.get("PATH"))
    if on_path:
        folder = Path(on_path).resolve().parent
        found[_version(folder)] = folder
    found = {v: f for v, f in found.items() if v >= OLDEST}
    return Programs(found[max(found)], {}) if found else None


def _version(folder: Path) -> int:
    """The major version of the PostgreSQL in ``folder``; 0 where there is no server."""
    if not all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres")):
        return 0
    text = run([folder / "postgres", "--version"], what="PostgreSQL does not start")
    found = re.search(r"(\d+)", text)
    return int(found[1]) if found else 0


def prepare_programs(folder: Path, steps: Steps) -> Programs:
    """PostgreSQL's programs: the machine's, or its packages unpacked."""
    programs = machine_programs()
    if programs:
        return programs
    root = folder / "postgresql"
    steps.build("PostgreSQL", root, ["postgresql", str(root)], _unpack)
    return unpacked_programs(root)


def unpacked_programs(root: Path) -> Programs:
    """The programs below the folder that the packages were unpacked into."""
    folder = next((root / "usr/lib/postgresql").glob("*/bin"))
    return Programs(folder, {"LD_LIBRARY_PATH": apt.library_path(root)})


def _unpack(root: Path) -> None:
    name = f"postgresql-{apt.this_machine().codename}"
    apt.unpack(packages(name, _fetch, gigabytes=1), root)


def _fetch(target: Path, work: Path) -> None:
    private = apt.private_apt(work)
    private.update()
    private.download(private.missing(["postgresql"]), target)


class Cluster:
    """A private cluster; who uses it holds a shared lock, the last one stops it."""

    def __init__(self, folder: Path, programs: Programs):
        self.folder = folder
        self.programs = programs
        self.data = folder / "data"
        self.user = _server_user()
        self.socket = socket_folder(folder)
        self.connection = Connection(str(self.socket), PORT, ROLE)

    def prepare(self) -> None:
        """Make the cluster, unless it is there."""
        if (self.data / "made").exists():
            return
        for folder in (self.folder, self.socket):
            folder.mkdir(parents=True, exist_ok=True)
            self._hand_over(folder)
        shutil.rmtree(self.data, ignore_errors=True)
        self._run(
            "initdb",
            f"--pgdata={self.data}",
            f"--username={ROLE}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        with (self.data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS.format(socket=self.socket))
        (self.data / "made").touch()

    def start(self) -> None:
        """Start it, unless it runs."""
        if self.is_running():
            return
        self.socket.mkdir(parents=True, exist_ok=True)
        self._hand_over(self.socket)
        log = self.folder / "log"
        self._run("pg_ctl", f"--pgdata={self.data}", f"--log={log}", "--wait", "start")

    def stop(self) -> None:
        """Stop it, ending what still is connected."""
        if self.is_running():
            self._run("pg_ctl", f"--pgdata={self.data}", "--mode=fast", "stop")

    def is_running(self) -> bool:
        status = self._command("pg_ctl", f"--pgdata={self.data}", "status")
        return subprocess.run(**status, capture_output=True).returncode == 0

    @contextlib.contextmanager
    def used(self) -> Iterator[Connection]:
        """Have it run as long as anyone uses it; the last one stops it."""
        with (self.folder / "users").open("a") as users:
            with alone(self.folder / "starting"):
                fcntl.flock(users, fcntl.LOCK_SH)
                self.start()
            try:
                yield self.connection
            finally:
                with alone(self.folder / "starting"):
                    self._stop_if_last(users)

    def _stop_if_last(self, users) -> None:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not self.kept.exists():
                self.stop()

    @property
    def kept(self) -> Path:
        """A file that is there while somebody wants the cluster to stay up."""
        return self.folder / "kept"

    def _hand_over(self, folder: Path) -> None:
        if self.user:
            shutil.chown(folder, self.user.pw_uid, self.user.pw_gid)
        folder.chmod(0o700)

    def _run(self, *command: str) -> None:
        options = self._command(*command)
        run(
            options["args"],
            env=options["env"],
            cwd=options["cwd"],
            what=f"PostgreSQL's {command[0]} failed",
        )

    def _command(self, program: str, *arguments: str) -> dict:
        command = [str(self.programs.folder / program), *arguments]
        if self.user:
            command = [*as_user(self.user, self.folder), *command]
        environment = {**os.environ, **self.programs.environment, "LC_ALL": "C.UTF-8"}
        return {"args": command, "env": environment, "cwd": "/"}


def _server_user() -> pwd.struct_passwd | None:
    """Whom to run the server as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise HostError(
        "PostgreSQL can't run as root",
        "and there is neither a user postgres nor nobody",
        "run make as another user",
    )


def as_user(user: pwd.struct_passwd, folder: Path) -> list[str]:
    """The command's beginning that gives up root for ``user``.

    A checkout below root's home is closed to every other user; there the server keeps,
    of root's rights, the one to pass through closed folders.

    :raises HostError: ``user`` can't be made to reach ``folder``
    """
    setpriv = shutil.which("setpriv")
    if not setpriv:
        raise HostError(
            "PostgreSQL can't run as root",
            "and there is no setpriv to become another user",
            "apt-get install util-linux, or run make as another user",
        )
    switch = [setpriv, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}"]
    switch.append("--clear-groups")
    for right in ("", "dac_read_search", "dac_override"):
        keep = [f"--{kind}-caps=-all,+{right}" for kind in ("inh", "ambient")]
        command = [*switch, *(keep if right else [])]
        reach = [*command, "stat", folder / "."]
        if subprocess.run(reach, capture_output=True, cwd="/").returncode == 0:
            return command
    raise HostError(
        "PostgreSQL can't reach its folder",
        f"the user {user.pw_name}, whom it runs as, may not enter {folder}",
        "set HOST_DIR to a folder that everyone may enter, or run make as another user",
    )


def socket_folder(folder: Path) -> Path:
    """Where the socket lies: in the cluster's folder, or in a short one."""
    inside = folder / "socket"
    if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
        return inside
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"xero-crm-{os.getuid()}-{mark}"
