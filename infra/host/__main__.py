"""``python -m infra.host``: set up; ``… postgres start|stop``; ``… run COMMAND…``."""

import os
import sys

from infra.host.errors import HostError
from infra.host.host import Host, prepare

USAGE = "usage: python -m infra.host [postgres start|postgres stop|run COMMAND …]"


def main(arguments: list[str]) -> int:
    """Set up, then do what is asked.

    :return: exit code; 2 when the machine lacks something
    """
    try:
        host = prepare(lambda line: print(line, file=sys.stderr, flush=True))
        return _do(host, arguments)
    except HostError as error:
        print(error, file=sys.stderr)
        return 2


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
    print(USAGE, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
