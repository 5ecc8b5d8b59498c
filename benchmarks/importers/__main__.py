"""Runs one of the programs: its name, and last what it is to do."""

import importlib
import sys

import odoo.cli  # noqa: F401  (odoo is a namespace: this is what fills it)
from odoo.modules.module import initialize_sys_path
from odoo.tools import config

from infra.host.places import PROJECT

if __name__ == "__main__":
    # Before anything of the addon is imported: this is where it is found.
    options = [f"--addons-path={PROJECT}", "--log-level=error", "--no-http"]
    config.parse_config(options)
    initialize_sys_path()
    importlib.import_module(f"benchmarks.importers.{sys.argv[1]}").main()
