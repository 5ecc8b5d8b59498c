"""The scopes that an app created since March 2026 may ask for.

Source: developer.xero.com/faq/granular-scopes. The broad scopes that it replaces
are unknown here, as they are to a new app.
"""

OPENID = frozenset({"openid", "profile", "email", "offline_access"})

GRANULAR = frozenset(
    f"accounting.{name}{suffix}"
    for name in (
        "invoices",
        "payments",
        "banktransactions",
        "manualjournals",
        "settings",
        "contacts",
        "attachments",
    )
    for suffix in ("", ".read")
) | frozenset(
    f"accounting.reports.{name}.read"
    for name in (
        "aged",
        "balancesheet",
        "banksummary",
        "budgetsummary",
        "executivesummary",
        "profitandloss",
        "trialbalance",
        "taxreports",
    )
)

CONSENT = OPENID | GRANULAR | {"accounting.budgets.read"}
CLIENT_CREDENTIALS = frozenset({"app.connections"})

MEANINGS = {
    "openid": "Know who you are",
    "profile": "See your name",
    "email": "See your email address",
    "offline_access": "Stay connected while you are away",
    "accounting.contacts": "View and change contacts and contact groups",
    "accounting.contacts.read": "View contacts and contact groups",
    "accounting.settings": "View and change organisation settings and items",
    "accounting.settings.read": "View organisation settings and items",
    "accounting.invoices": "View and change invoices, credit notes and quotes",
    "accounting.invoices.read": "View invoices, credit notes and quotes",
    "accounting.payments": "View and change payments, over- and prepayments",
    "accounting.payments.read": "View payments, over- and prepayments",
    "accounting.reports.aged.read": "View what is owed and how long it has been due",
}


def meaning(scope: str) -> str:
    """The scope in the words of the consent page."""
    return MEANINGS.get(scope, scope)
