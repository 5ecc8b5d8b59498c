# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Tours of the addon's screens, on a machine that may be busy with other tests."""

from odoo.http import request
from odoo.tests import HttpCase

# A tour of that many seconds is stuck. See also the patience of `addTour`.
LONGEST_SECONDS = 300
SEEN = "xero_seen"


class TourCase(HttpCase):
    """A browser goes through a screen. Waiting costs nothing where all is well."""

    # Its requests come one after the other, and each waits for those before it.
    test_cursor_lock_timeout = 120

    def start_tour(self, url_path, tour_name, **kwargs):
        kwargs.setdefault("timeout", LONGEST_SECONDS)
        return super().start_tour(url_path, tour_name, **kwargs)


def is_seen():
    """Whether the tour that asks has seen what it came for: its step `seen` says so.

    What comes to its end meanwhile may do so then, and not after some seconds that a
    slow browser needs to open the screen.
    """
    return bool(request.cookies.get(SEEN))
