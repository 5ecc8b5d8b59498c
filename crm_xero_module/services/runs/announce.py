# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tells browsers how far runs are, over Odoo's bus.

A message is a hint: the run is the truth, and who hears nothing reads it. So progress
is told at most once a second for each run, what a browser has heard is not told again,
and where nobody is there nothing is sent.
"""

import time

from odoo.exceptions import MissingError

from .progress import OPEN_STATES

# What a browser asks to hear; the server knows whose runs that are.
CHANNEL = "xero.runs"
SUBCHANNEL = "runs"
MESSAGE = "xero.run"
EVERY_SECONDS = 1.0
_PENDING = "crm_xero_module.announced_runs"
# {(database, run): (when, state, what)} as it was last told by this process.
_told = {}


def announce(runs):
    """Tell of these runs, as they are when this transaction ends."""
    cursor = runs.env.cr
    pending = cursor.precommit.data.get(_PENDING)
    if pending is None:
        pending = cursor.precommit.data[_PENDING] = set()
        env = runs.sudo().env
        cursor.precommit.add(lambda: _tell(env, cursor.precommit.data.pop(_PENDING)))
    pending.update(runs.ids)


def _tell(env, ids):
    for run in env["xero.sync"].browse(sorted(ids)):
        try:
            news = _news(run)
        except MissingError:
            continue
        if news and is_anybody_there(run):
            # A record is the channel: no browser can ask for it by name.
            env["bus.bus"]._sendone((run.connection_id, SUBCHANNEL), MESSAGE, news)


def _news(run):
    """What is to be told of a run now; None where there is nothing, or not yet."""
    key, now = (run.env.cr.dbname, run.id), time.monotonic()
    at, state, what = _told.get(key, (0.0, None, None))
    if state == run.state and now - at < EVERY_SECONDS:
        return None
    news = run._live()
    if news == what:
        return None
    if run.state in OPEN_STATES:
        _told[key] = (now, run.state, news)
    else:
        _told.pop(key, None)
    return news


def is_anybody_there(run):
    """Whether somebody is in Odoo who may see this run."""
    group = run.env["ir.model.data"]._xmlid_to_res_id(
        "crm_xero_module.group_xero_user", raise_if_not_found=True
    )
    return bool(
        run.env["res.users"].search_count(
            [
                ("all_group_ids", "in", group),
                ("company_ids", "in", run.company_id.id),
                ("presence_ids.status", "in", ("online", "away")),
            ],
            limit=1,
        )
    )
