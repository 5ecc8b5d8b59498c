# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import base_module_uninstall
from . import base_partner_merge
from . import xero_import_profile_load
from . import xero_reconciliation
from . import xero_report_check
from . import xero_direction
from . import xero_create_contact
from . import xero_create_contacts
from . import xero_draft_invoice
