# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from unittest import skip

from odoo.tests import BaseCase, tagged


@tagged("post_install", "-at_install")
class TestWithoutHypothesis(BaseCase):
    """Stands for the property-based tests where they cannot run."""

    @skip("The Python package “hypothesis” is not installed.")
    def test_properties_of_the_imports(self):
        """Whatever Xero sends, and whatever people did before."""
