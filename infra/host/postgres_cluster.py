"""The private PostgreSQL cluster in the host folder.

It listens on a socket only, in a folder that belongs to the user it runs as. It holds
nothing that can't be made again, so it does not wait for the disk.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from infra.host.commands import run
from infra.host.errors import HostError
from infra.host.places import host_folder
from infra.host.postgres_connection import PORT, Connection
from infra.host.postgres_programs import Programs
from infra.host.steps import alone

ROLE = "odoo"
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


def cluster_folder() -> Path:
    """Where the private cluster of this checkout lies."""
    return host_folder() / "postgres"


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
