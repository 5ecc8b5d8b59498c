# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Notes on the records that an import changed, where its profile asks for them."""

from markupsafe import Markup

from ..mapping.shown_values import ShownValues, labels_of
from ..mapping.targets import TARGETS
from .items import UPDATE


def leave_notes(env, profile, items):
    """One note on each record that was changed, made for all of them at once: which
    fields, from what, to what."""
    target = TARGETS[profile.target]
    changed = [item for item in items if item.action == UPDATE]
    shown = ShownValues(env, target, changed)
    changes = {item.record_id: shown.changes(item) for item in changed}
    changes = {record: told for record, told in changes.items() if told}
    if not changes:
        return
    names = {name for told in changes.values() for name in told}
    labels = labels_of(env, target, names)
    head = env._("Changed by the import “%(title)s” from Xero:", title=profile.name)
    env[target.model].browse(changes)._message_log_batch(
        bodies={record: _body(head, told, labels) for record, told in changes.items()}
    )


def _body(head, changes, labels):
    # Markup escapes what is put into it: names come from Xero.
    line = Markup("<li>%s: %s → %s</li>")
    lines = Markup("").join(
        line % (labels[name], old or "–", new or "–")
        for name, (old, new) in changes.items()
    )
    return Markup("<p>%s</p><ul>%s</ul>") % (head, lines)
