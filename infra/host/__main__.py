"""``python -m infra.host``; see ``command_line``."""

import sys

from infra.host.errors import HostError
from infra.host.python_version import require_python


def main() -> int:
    """Check the Python before anything is read that another one can't read."""
    try:
        require_python()
    except HostError as error:
        print(error, file=sys.stderr)
        return 2
    from infra.host import command_line

    return command_line.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
