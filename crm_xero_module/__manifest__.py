# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
{
    "name": "Xero for CRM",
    "summary": "Bring your Xero customers into the CRM and keep them fresh",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "Xero for CRM contributors",
    "license": "LGPL-3",
    "depends": ["crm", "product"],
    "data": [
        "security/crm_xero_module_groups.xml",
        "security/ir.model.access.csv",
        "security/crm_xero_module_rules.xml",
        "data/ir_cron.xml",
    ],
    "application": True,
}
