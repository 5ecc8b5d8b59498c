"""The check of the Python that runs the set-up.

It is read by whatever Python a person has, so it keeps to what every Python 3 knows.
"""

import sys

from infra.host.errors import HostError

SUPPORTED = (3, 11)


def require_python() -> None:
    """Check the version; the environments are made of this Python.

    :raises HostError: it is not the one that the Lambda runtime has
    """
    if sys.version_info[:2] != SUPPORTED:
        raise HostError(
            "Wrong Python",
            f"{sys.executable} is {sys.version_info[0]}.{sys.version_info[1]}"
            " and the Lambda runtime is 3.11",
            "install python3.11, or call make with PYTHON=/path/to/python3.11",
        )
