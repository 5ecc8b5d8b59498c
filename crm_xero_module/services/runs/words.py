# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What came of a run, in a few words."""


def counts_text(env, run):
    """ "12 new, 3 changed, 1 not imported"; empty where there is nothing to tell."""
    told = (
        (run.created_count, env._("%(count)s new", count=run.created_count)),
        (run.updated_count, env._("%(count)s changed", count=run.updated_count)),
        (run.linked_count, env._("%(count)s linked", count=run.linked_count)),
        (run.failed_count, env._("%(count)s not imported", count=run.failed_count)),
    )
    return ", ".join(words for count, words in told if count)


def ending_of(env, run):
    """How a run ended, for whoever started it and is elsewhere by now."""
    if run.state != "done":
        return run.message
    counts = counts_text(env, run)
    if run.kind == "preview":
        return env._("Preview done: %(counts)s", counts=counts or _nothing(env))
    if run.kind == "profile":
        return env._("Import done: %(counts)s", counts=counts or _nothing(env))
    return env._("Sync done: %(counts)s", counts=counts or _nothing(env))


def _nothing(env):
    return env._("nothing changed")
