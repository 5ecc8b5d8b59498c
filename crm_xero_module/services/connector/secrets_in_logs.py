# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""At level DEBUG, Odoo logs the arguments of every call that a browser makes: those of
ours that carry a secret stay out, whatever the level is.
"""

import logging

# Odoo's log of calls.
LOGGER = "odoo.service.model"
# What the calls with a secret among their arguments name: our methods, and the fields
# and the parameter that take one.
WORDS = ("xero_set_app", "xero_set_webhook_key", "instance_key")


class WithoutSecrets(logging.Filter):
    def filter(self, record):
        if record.levelno > logging.DEBUG:
            return True
        said = record.getMessage()
        return not any(word in said for word in WORDS)


def keep_out():
    """From now on, for the life of the process; twice is once."""
    log = logging.getLogger(LOGGER)
    if not any(isinstance(each, WithoutSecrets) for each in log.filters):
        log.addFilter(WithoutSecrets())
