"""The only place that speaks HTTP to Odoo: a nudge, and nothing that it relies on."""
