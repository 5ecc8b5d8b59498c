# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where a record is shown in Xero's own screens.

Source: Xero's guide "Deep link to Xero": the login page takes the organisation's short
code and the page to go on to. Values are quoted, so that nothing in them can lead
elsewhere. The guide names no page of an item; this one is what others link to.
"""

from urllib.parse import quote

_LOGIN = "https://go.xero.com/organisationlogin/default.aspx"
_PAGES = {
    "contact": "/Contacts/View/%s",
    "invoice": "/AccountsReceivable/View.aspx?InvoiceID=%s",
    "credit_note": "/AccountsReceivable/ViewCreditNote.aspx?creditNoteID=%s",
    "item": "/Accounts/Inventory/%s",
}


def contact_url(short_code, xero_id):
    """The page of a contact; None where its id or the organisation is not known."""
    return _url(short_code, "contact", xero_id)


def document_url(short_code, kind, xero_id, contact_xero_id):
    """The page of a sales document of a `kind` of xero.transaction; of an over- or
    prepayment, which has no page that can be linked to, its contact's."""
    if kind in ("invoice", "credit_note"):
        return _url(short_code, kind, xero_id)
    return contact_url(short_code, contact_xero_id)


def item_url(short_code, xero_id):
    """The page of a product or service."""
    return _url(short_code, "item", xero_id)


def _url(short_code, page, xero_id):
    if not short_code or not xero_id:
        return None
    code = quote(short_code, safe="")
    where = quote(_PAGES[page] % quote(xero_id, safe=""), safe="")
    return f"{_LOGIN}?shortcode={code}&redirecturl={where}"
