"""Set up, then run a command with what was set up.

``python -m infra.host`` sets up. ``… run COMMAND …`` runs a command with the prepared
Python first on the path and PostgreSQL's address in the environment. ``… postgres
start`` and ``… stop`` keep the private PostgreSQL running. ``… clean`` removes all that
was set up for this checkout; the downloads stay in the cache.
"""

import os
import shutil
import sys

from infra.host.errors import HostError
from infra.host.host import Host, prepare
from infra.host.places import PROJECT, host_folder
from infra.host.postgres_cluster import Cluster, cluster_folder
from infra.host.postgres_programs import machine_programs, unpacked_programs


def main(arguments: list[str]) -> int:
    """Do what is asked.

    :return: exit code; 2 when the machine lacks something
    """
    try:
        if arguments == ["clean"]:
            return _clean()
        host = prepare(lambda line: print(line, file=sys.stderr, flush=True))
        return _do(host, arguments)
    except HostError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _do(host: Host, arguments: list[str]) -> int:
    match arguments:
        case []:
            return 0
        case ["postgres", "start"] if host.cluster:
            host.cluster.kept.touch()
            host.cluster.start()
            print(host.connection.environment)
            return 0
        case ["postgres", "stop"] if host.cluster:
            host.cluster.kept.unlink(missing_ok=True)
            host.cluster.stop()
            return 0
        case ["run", program, *rest]:
            folders = [host.python.parent, host.chromium.parent, os.environ["PATH"]]
            path = {"PATH": os.pathsep.join(map(str, folders))}
            os.environ.update(host.connection.environment | path)
            os.execvp(program, [program, *rest])
    print(__doc__, file=sys.stderr)
    return 2


def _clean() -> int:
    folder = host_folder()
    if cluster_folder().exists():
        programs = machine_programs() or unpacked_programs(folder / "postgresql")
        cluster = Cluster(cluster_folder(), programs)
        cluster.stop()
        shutil.rmtree(cluster.socket, ignore_errors=True)
    # Nothing but what the set-up made goes, wherever HOST_DIR points.
    if (folder / "stamps").exists():
        shutil.rmtree(folder)
    shutil.rmtree(PROJECT / ".aws-sam", ignore_errors=True)
    return 0
