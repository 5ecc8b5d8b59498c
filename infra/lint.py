"""``make lint``: ruff on all that is Python, pylint-odoo on the addon."""

import subprocess
import sys

from infra.host.places import PROJECT

# The author is not OCA, README.rst is what OCA's own tool makes of readme/, and one
# concept a file splits a model.
NOT_OURS = "manifest-required-author,missing-readme,consider-merging-classes-inherited"
CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    (
        "pylint",
        "--load-plugins=pylint_odoo",
        "--disable=all",
        "--enable=odoolint",
        f"--disable={NOT_OURS}",
        "--valid-odoo-versions=19.0",
        "crm_xero_module",
    ),
)


def main() -> int:
    """Run every check; 1 when any of them finds something."""
    codes = [subprocess.run(command, cwd=PROJECT).returncode for command in CHECKS]
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main())
