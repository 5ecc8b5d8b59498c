# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from importlib.util import find_spec

from . import test_xero_values
from . import test_connector_client
from . import test_delivery
from . import test_log_lines
from . import test_mirror
from . import test_pieces
from . import test_changed_here
from . import test_companies
from . import test_persons
from . import test_who_wins
from . import test_refusals
from . import test_scope
from . import test_keys
from . import test_modes
from . import test_leading
from . import test_person_company
from . import test_plan_cost
from . import test_stored_alike
from . import test_sync
from . import test_progress
from . import test_runs
from . import test_preview
from . import test_preview_done
from . import test_preview_screens
from . import test_security
from . import test_connect_flow
from . import test_connection_sales
from . import test_settings
from . import test_screens
from . import test_tours
from . import test_groups
from . import test_merges
from . import test_vendors
from . import test_links
from . import test_kills
from . import test_regressions_of_imports

# It comes with the project's own environment, not with Odoo.
if find_spec("hypothesis"):
    from . import test_properties
    from . import test_properties_choices
    from . import test_properties_machine
else:
    from . import test_without_hypothesis
from . import test_profile_file
from . import test_profile_form
from . import test_profile_usual
from . import test_profile_tour
from . import test_import_cost
from . import test_overdue_leads
from . import test_overdue_activities
from . import test_digest
from . import test_crm_values
from . import test_products
from . import test_books
from . import test_days
from . import test_snapshots
from . import test_rates
from . import test_figures_worker
from . import test_figures
from . import test_figures_shown
from . import test_ledger
from . import test_documents
from . import test_transactions_mirror
from . import test_items_mirror
