# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import xero_connection
from . import xero_contact
from . import xero_contact_group
from . import xero_contact_person
from . import xero_import_profile
from . import xero_import_mapping
from . import xero_sync
from . import xero_sync_line
from . import xero_sync_log
from . import res_partner
from . import xero_connection_overview
from . import xero_connection_vendors
from . import xero_import_profile_last_run
from . import xero_import_profile_scope
from . import res_config_settings
