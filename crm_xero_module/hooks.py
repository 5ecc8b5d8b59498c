# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from .services.forgetting.farewell import (
    keep_values,
    take_away_the_rest,
    take_values_back,
)


def post_init_hook(env):
    """Take up what an earlier installation left in the notes."""
    take_values_back(env)


def uninstall_hook(env):
    """Keep what people typed in our fields, and leave nothing else behind."""
    keep_values(env)
    take_away_the_rest(env)
