"""Every stable code the connector answers with, and its words for a person.

A code is part of the HTTP contract: programs branch on it, so none is ever renamed.
The sentence says what happened and what to do next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Words:
    """How one code is said: HTTP status (0: never an answer of its own) and words.

    `members` are the further members that its problem document always holds.
    """

    status: int
    title: str
    sentence: str
    members: tuple[str, ...] = ()


CODES: dict[str, Words] = {
    "request_invalid": Words(
        422,
        "The request is not valid",
        "Some values are missing or of the wrong form; `errors` names each of them."
        " Correct these and send the request again.",
        ("errors",),
    ),
    "body_unreadable": Words(
        415,
        "The body is not JSON",
        "The body was not sent as JSON. Send JSON, with the content type"
        " application/json.",
    ),
    "body_too_large": Words(
        413,
        "The body is too large",
        "The body has more than 64 kB, and no request of this API needs as much. Send"
        " less.",
    ),
    "instance_key_invalid": Words(
        401,
        "The instance key is not valid",
        "The connector does not know this instance key, or the key was replaced or"
        " revoked. Ask whoever deployed the connector for a new one and enter it in"
        " Odoo's settings.",
    ),
    "not_found": Words(
        404,
        "Not found",
        "The connector holds nothing under this id for this instance key. It may have"
        " been removed; look again at what the connector lists.",
    ),
    "route_unknown": Words(
        404,
        "No such address",
        "The connector has no such address. Check it, and that the versions of Odoo's"
        " addon and of the connector fit together.",
    ),
    "method_not_allowed": Words(
        405,
        "Method not allowed",
        "This address does not take that HTTP method; the header Allow names those that"
        " it takes.",
    ),
    "internal_error": Words(
        500,
        "Something went wrong in the connector",
        "The connector met an error that it does not know. Nothing was lost; try"
        " again, and give your integrator the request id if it stays.",
    ),
    "xero_unavailable": Words(
        502,
        "Xero does not answer",
        "Xero could not be reached or answered with an error of its own. Try again"
        " in a few minutes; status.xero.com tells about outages.",
    ),
    "xero_client_invalid": Words(
        422,
        "Xero does not accept the client id and secret",
        "Xero does not recognise this client id with this client secret. Copy both"
        " again from your app's Configuration page at developer.xero.com.",
    ),
    "xero_app_in_use": Words(
        409,
        "This Xero app is in use elsewhere",
        "Another Odoo instance of this connector uses this client id. Create a Xero"
        " app of its own for each Odoo instance.",
    ),
    "app_has_connections": Words(
        409,
        "The Xero app still has connections",
        "Organisations are connected through this Xero app. Disconnect them before you"
        " remove the app or change its client id.",
    ),
    "app_not_set": Words(
        409,
        "No Xero app is set",
        "The connector has no Xero app for this Odoo yet. Enter the client id and"
        " secret of your Xero app in the settings first.",
    ),
    "authorization_pending": Words(
        409,
        "The consent at Xero is not finished",
        "Xero has not sent the browser back yet. Finish logging in and allowing"
        " access at Xero, or start again.",
    ),
    "authorization_used": Words(
        409,
        "This consent was used already",
        "This consent has connected an organisation already. Start again to connect"
        " another one.",
    ),
    "authorization_expired": Words(
        410,
        "This consent has expired",
        "Too much time has passed since the consent at Xero. Start connecting again.",
    ),
    "consent_denied": Words(
        403,
        "Access was not allowed at Xero",
        "Cancel was chosen at Xero, so nothing was connected. Start again and choose"
        " Allow access.",
    ),
    "scope_missing": Words(
        403,
        "Xero did not grant all rights that are needed",
        "The consent lacks rights that the connector needs. Connect again and allow"
        " all that is asked for.",
        ("missing",),
    ),
    "code_refused": Words(
        422,
        "Xero did not accept the consent",
        "Xero refused the code of this consent; it was used before or is too old."
        " Start connecting again.",
    ),
    "organisation_different": Words(
        409,
        "Another organisation was chosen",
        "{got} was chosen at Xero, but this connection belongs to {expected}. Connect"
        " again and choose {expected}, or make a new connection.",
        ("expected", "got"),
    ),
    "organisation_taken": Words(
        409,
        "This organisation is connected already",
        "This organisation is connected already. Use that connection, or disconnect"
        " it first.",
        ("connection",),
    ),
    "organisation_none": Words(
        409,
        "No organisation was connected",
        "This consent gave access to no organisation. Connect again and choose one.",
    ),
    "reconnect_needed": Words(
        409,
        "Xero has to be connected again",
        "Xero no longer accepts the access that was given. Press Reconnect and allow"
        " access again; nothing is lost.",
    ),
    "organisation_gone": Words(
        409,
        "The organisation was disconnected in Xero",
        "This organisation was disconnected in Xero, under Connected apps. Press"
        " Reconnect and allow access again; nothing is lost.",
    ),
    "user_removed": Words(
        409,
        "Xero no longer lets the connecting user in",
        "The connection still exists in Xero, but the user who made it lost access to"
        " the organisation, or its subscription ended. Let a user with access press"
        " Reconnect; nothing is lost.",
    ),
    "demo_company_reset": Words(
        409,
        "Xero has reset this demo company",
        "Xero resets its demo companies every 28 days and when a user asks for it; then"
        " this one, with all its data, does not exist any more. Make a new connection"
        " to connect its successor, and disconnect this one. Where somebody only"
        " disconnected it in Xero, which looks the same from here, connect it again.",
    ),
    "record_unknown": Words(
        404,
        "Xero has no such record",
        "Xero has no record with this id in the organisation, or not any more. Sync"
        " the organisation and look again.",
    ),
    "document_too_large": Words(
        502,
        "The document is too large",
        "Xero's document is larger than what can be passed on. Open it in Xero.",
    ),
    "report_not_allowed": Words(
        403,
        "Xero does not let the connecting user see reports",
        "The Xero user who connected the organisation has no right to its reports."
        " Give that user the right in Xero, or let another user press Reconnect.",
    ),
    "throttled": Words(
        429,
        "Xero's limit on calls is reached",
        "Xero takes no more calls about this organisation for now. Try again in"
        " {retry_after} seconds.",
        ("retry_after",),
    ),
    "idempotency_key_reused": Words(
        409,
        "This key was used for something else",
        "Something else was sent under this Idempotency-Key before, and Xero may have"
        " it. Send this under a key of its own.",
    ),
    "write_in_progress": Words(
        409,
        "This is being written at this moment",
        "The same is on its way to Xero already. Ask again in {retry_after} seconds.",
        ("retry_after",),
    ),
    "contact_number_taken": Words(
        409,
        "Another contact has this contact number",
        "A contact of another name has this contact number in Xero; `contacts` names"
        " it. Use that one, or create another one with a number of its own.",
        ("contacts",),
    ),
    "contact_exists": Words(
        409,
        "Xero has a contact of this name",
        "Names of contacts are unique in Xero, and `contacts` names those that have"
        " this one. Use one of them, or choose another name.",
        ("contacts",),
    ),
    "contact_archived": Words(
        409,
        "The contact is archived in Xero",
        "Xero takes no changes of an archived contact. Restore it in Xero, and try"
        " again.",
    ),
    "contact_changed": Words(
        409,
        "The contact was changed in Xero meanwhile",
        "Somebody changed the contact in Xero after it was last read; `contact` is how"
        " it is now. Look at it, and send what is still to be changed.",
        ("contact", "read_at"),
    ),
    "xero_validation": Words(
        422,
        "Xero did not accept it",
        "Xero did not accept what was sent; `messages` says why. Correct it and try"
        " again.",
        ("messages",),
    ),
    "feed_restart": Words(
        410,
        "The feed has to be read from a new position",
        "This position is not in the feed, or not any more. Adopt the position given"
        " here and ask for a full sync; nothing else is needed.",
        ("epoch", "head", "stamp"),
    ),
    "feed_taken": Words(
        409,
        "Another database reads this feed",
        "Another Odoo database reads this connection's feed. If this one is to read it"
        " from now on, an administrator has to take it over.",
        ("consumer",),
    ),
    "xero_answer_unreadable": Words(
        502,
        "Xero's answer could not be read",
        "Xero sent an answer that could not be read. Try again later; what came before"
        " is kept.",
    ),
    "xero_refused": Words(
        502,
        "Xero refused the request",
        "Xero refused a request of the connector. Try again later, and give your"
        " integrator the connector's log if it stays.",
    ),
    "paging_loop": Words(
        0,
        "Xero sent the same page again",
        "Xero answered the next page with one that came before, so the sync was"
        " stopped. Start it again later; what came before is kept.",
    ),
    "stuck": Words(
        0,
        "The sync made no progress",
        "The sync was started again three times and made no progress. Start it again,"
        " and tell your integrator if it stays.",
    ),
    "cancelled": Words(0, "Cancelled", "The sync was cancelled."),
    "throttled_day": Words(
        0,
        "Xero's calls for today are used up",
        "Xero's limit on calls is reached; the sync goes on by itself.",
    ),
    "throttled_reserve": Words(
        0,
        "The rest of today's calls is kept",
        "Few of the day's calls to Xero are left, and these are kept for single"
        " actions, such as creating a customer; the sync goes on by itself.",
    ),
    "superseded": Words(0, "A full sync took its place", "A full sync took its place."),
}


class Problem(Exception):
    """An answer that is not what was asked for, with its stable code.

    `extra` holds further members of the problem document; they also fill the
    sentence's placeholders. They go to who asked and into no log: no secret in there,
    and nothing personal but what Xero says of the very record that was asked for.
    """

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra

    @property
    def status(self) -> int:
        return CODES[self.code].status

    @property
    def title(self) -> str:
        return CODES[self.code].title

    @property
    def detail(self) -> str:
        return CODES[self.code].sentence.format(**self.extra)
