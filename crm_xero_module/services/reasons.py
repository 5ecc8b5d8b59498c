# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What each code means to a person: what happened, and what to do next."""

from collections import defaultdict
from typing import NamedTuple

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class Reason(NamedTuple):
    """`happened` says what and why, `remedy` what to do next."""

    happened: str
    remedy: str


_RECORDS = {
    "name_missing": (
        _lt("The contact has no name in Xero; a company needs one."),
        _lt("Give the contact a name in Xero, then sync again."),
    ),
    "last_name_missing": (
        _lt("The person has no last name in Xero; a CRM contact needs one."),
        _lt("Give the person a last name in Xero, then sync again."),
    ),
    "product_name_missing": (
        _lt("The item has neither a name nor a code in Xero; a product needs a name."),
        _lt("Give the item a name in Xero, then sync again."),
    ),
    "required_missing": (
        _lt("The import asks for a value of “%(field)s”, and Xero has none."),
        _lt("Fill it in Xero, or give the import a default for it, then retry."),
    ),
    "key_conflict": (
        _lt("More than one CRM record has the key “%(key)s”: %(records)s."),
        _lt("Merge them, or correct the key of the wrong one, then retry."),
    ),
    "key_of_variant": (
        _lt("“%(key)s” is the key of one of several variants of %(records)s."),
        _lt(
            "An item becomes a product without variants: make this variant a product of"
            " its own, or ignore the item here."
        ),
    ),
    "company_conflict": (
        _lt("More than one CRM record may be its company “%(company)s”: %(records)s."),
        _lt("Merge them, or correct the key of the wrong one, then retry."),
    ),
    "record_deleted": (
        _lt("Its CRM record was deleted, so it is not made again."),
        _lt("Nothing, if that was meant. Retry imports it anew."),
    ),
    "record_archived": (
        _lt("Its CRM record is archived, so it is left alone."),
        _lt("Nothing, if that was meant. Otherwise unarchive it, then retry."),
    ),
    "record_not_visible": (
        _lt("%(user)s, as whom the import runs, may not see its CRM record."),
        _lt("Let the import run as a user who sees this record, then retry."),
    ),
    "company_missing": (
        _lt("Its company “%(company)s” is not in the CRM yet."),
        _lt("Import the company first; its persons then follow by themselves."),
    ),
    "country_unknown": (
        _lt("Odoo knows no country “%(value)s”; the rest of the record came."),
        _lt("Correct the country in Xero, or set it in the CRM by hand."),
    ),
    "state_unknown": (
        _lt("Odoo knows no state “%(value)s” in %(country)s; the rest came."),
        _lt("Correct the region in Xero, or set the state in the CRM by hand."),
    ),
    "value_unusable": (
        _lt("“%(value)s” does not fit “%(field)s”; the rest of the record came."),
        _lt("Correct the value in Xero, or map another field, then retry."),
    ),
    "vat_refused": (
        _lt("The tax number “%(value)s” is not valid for its country; the rest came."),
        _lt("Correct the tax number or the country in Xero, then sync again."),
    ),
    "value_refused": (
        _lt("Odoo refused “%(value)s” for “%(field)s”; the rest of the record came."),
        _lt("Correct the value in Xero, then sync again."),
    ),
    "value_of_variants": (
        _lt(
            "The product has several variants, each with a value of its own for"
            " “%(field)s”: “%(value)s” was left out, and the rest came."
        ),
        _lt("Nothing, if that was meant. Otherwise set it on the variants by hand."),
    ),
    "price_currency": (
        _lt(
            "“%(field)s” was left out: Xero's prices are in %(xero)s, the product's in"
            " %(crm)s, and nothing is converted. The rest came."
        ),
        _lt(
            "Enter the price by hand, or use a price list in Xero's currency. Take the"
            " line out of the import to hear no more of it."
        ),
    ),
    "country_refused": (
        _lt("The country does not go with the tax number; the rest came."),
        _lt("Correct the tax number or the country in Xero, then sync again."),
    ),
    "delivery_gone": (
        _lt(
            "Its delivery address was deleted, archived or moved, so it is left alone."
        ),
        _lt("Nothing, if that was meant. Retry makes it anew."),
    ),
    "delivery_refused": (
        _lt("Odoo refused its delivery address: %(message)s"),
        _lt("Mend what the message names, then retry."),
    ),
    "write_refused": (
        _lt("Odoo refused the record: %(message)s"),
        _lt("Mend what the message names, then retry."),
    ),
    "both_changed": (
        _lt("“%(field)s” was changed in both: “%(here)s” here, “%(xero)s” in Xero."),
        _lt("Say which one counts."),
    ),
    "merged_two_customers": (
        _lt(
            "It was merged into another contact in Xero, but both are customers of"
            " their own here: “%(partner)s” and “%(other)s”."
        ),
        _lt(
            "Merge the two in Odoo as well (Action, Merge). The next sync sees it, and"
            " this line goes by itself."
        ),
    ),
    "link_by_key": (
        _lt("It has the key “%(key)s” of the customer “%(record)s”."),
        _lt("If that is another one, correct the key of either before."),
    ),
    "link_by_company": (
        _lt("It is the same human as the customer “%(record)s”."),
        _lt("Nothing: both are one record."),
    ),
    "link_to_new": (
        _lt("It has the key of “%(record)s”: both become one customer."),
        _lt("If they are two, correct the key of either before."),
    ),
    "product_link_by_key": (
        _lt("It has the key “%(key)s” of the product “%(record)s”."),
        _lt("If that is another one, correct the key of either before."),
    ),
    "product_link_to_new": (
        _lt("It has the key of “%(record)s”: both become one product."),
        _lt("If they are two, correct the key of either before."),
    ),
    "changed_since_preview": (
        _lt("It changed since the preview, so it was left alone. %(what)s"),
        _lt("Preview again to see what would be done with it now."),
    ),
    "contact_id_missing": (
        _lt("Xero sent a contact without an id."),
        _lt("Sync again; if it stays, tell whoever looks after the connector."),
    ),
    "item_id_missing": (
        _lt("Xero sent an item without an id."),
        _lt("Sync again; if it stays, tell whoever looks after the connector."),
    ),
    "document_id_missing": (
        _lt("Xero sent an invoice or a credit without an id."),
        _lt("Sync again; if it stays, tell whoever looks after the connector."),
    ),
    "part_unreadable": (
        _lt("A batch from Xero could not be read three times and was passed over."),
        _lt("Nothing: everything is being read again from Xero."),
    ),
    "part_unreadable_again": (
        _lt("A batch from Xero could not be read, not even when sent anew."),
        _lt("Tell whoever looks after the connector; the detail below says why."),
    ),
}

_RUNS = {
    "profile_not_allowed": (
        _lt("The import “%(profile)s” runs as %(user)s, who lacks the rights for it."),
        _lt(
            "Give that user the right to make and change these records, or choose"
            " another."
        ),
    ),
    "profile_broken": (
        _lt("The import “%(profile)s” cannot run: %(message)s"),
        _lt("Correct the import's lines and run it again."),
    ),
    "preview_outdated": (
        _lt("The import was changed since the preview."),
        _lt("Preview again; what was done before that stays."),
    ),
    "reconnect_needed": (
        _lt("Xero no longer accepts this connection."),
        _lt("A Xero administrator presses Reconnect; nothing is lost."),
    ),
    "organisation_gone": (
        _lt("The organisation was disconnected in Xero."),
        _lt("A Xero administrator presses Reconnect; nothing is lost."),
    ),
    "user_removed": (
        _lt("Who connected this organisation has no access to it any more in Xero."),
        _lt("Let somebody who has access press Reconnect and log in at Xero."),
    ),
    "demo_company_reset": (
        _lt(
            "Xero has reset this demo company, as it does every 28 days; or somebody"
            " disconnected it there, which looks the same."
        ),
        _lt(
            "A Xero administrator connects the new one, which has other records: what"
            " came of the old one stays until its connection is deleted. If it was only"
            " disconnected, Reconnect."
        ),
    ),
    "scope_missing": (
        _lt("The permission given at Xero does not cover what is to be read."),
        _lt("Reconnect and allow everything that Xero's page lists."),
    ),
    "xero_unavailable": (
        _lt("Xero did not answer."),
        _lt("Try again later. Nothing that came before is lost."),
    ),
    "xero_answer_unreadable": (
        _lt("Xero answered with something that could not be read."),
        _lt("Sync again; if it stays, look at the connector's log."),
    ),
    "xero_refused": (
        _lt("Xero refused to be read."),
        _lt("Nothing is lost. Sync again; ask your integrator if it stays."),
    ),
    "paging_loop": (
        _lt("Xero sent the same page over and over, so reading was stopped."),
        _lt("Sync again; if it stays, tell whoever looks after the connector."),
    ),
    "stuck": (
        _lt("The sync stood still several times and was given up."),
        _lt("Sync again; if it stays, look at the connector's log."),
    ),
    "superseded": (
        _lt("A sync that reads everything took the place of this one."),
        _lt("Nothing: the other run brings it all."),
    ),
    "cancelled": (
        _lt("The run was cancelled. What had come by then stays."),
        _lt("Start it again whenever you like."),
    ),
    "internal_error": (
        _lt("The connector met an unexpected error."),
        _lt("Try again; if it stays, look at the connector's log."),
    ),
    "sync_unknown": (
        _lt("The connector no longer knows this sync."),
        _lt("Sync again."),
    ),
}

_WAITS = {
    "throttled_minute": _lt("Xero's calls of this minute are used up."),
    "throttled_day": _lt("Xero's calls of this day are used up."),
    "throttled_concurrent": _lt(
        "Too many programs ask Xero about this organisation at once."
    ),
    "throttled_appminute": _lt(
        "The Xero app has made all the calls that it may make in a minute."
    ),
    "throttled_reserve": _lt(
        "Few of this day's calls are left: they are kept for single actions, such as"
        " creating a customer in Xero."
    ),
    "xero_unavailable": _lt("Xero does not answer at present."),
    "xero_answer_unreadable": _lt(
        "Xero answered with something that could not be read."
    ),
}

_CONNECTOR = {
    "address_missing": (
        _lt("No connector address is set."),
        _lt("Enter the connector's address in the settings."),
    ),
    "address_invalid": (
        _lt("The connector's address is not a web address."),
        _lt("Enter it as https://… in the settings."),
    ),
    "address_not_https": (
        _lt("The connector's address is not https, and its key would travel openly."),
        _lt("Use the https address; plain http is for this machine only."),
    ),
    "instance_key_missing": (
        _lt("No instance key is set."),
        _lt("Enter the key that the connector's deployer made for this Odoo."),
    ),
    "instance_key_invalid": (
        _lt("The connector does not accept the instance key."),
        _lt("Enter the key that the connector's deployer made for this Odoo."),
    ),
    "connector_unreachable": (
        _lt("The connector cannot be reached."),
        _lt("Check its address and the network. Odoo tries again by itself."),
    ),
    "connector_unavailable": (
        _lt("The connector is there, but cannot answer at present."),
        _lt("Odoo tries again by itself; if it stays, look at the connector's log."),
    ),
    "connector_forbidden": (
        _lt("Something between Odoo and the connector refuses the call."),
        _lt("Check the connector's address, and any firewall or gateway before it."),
    ),
    "connector_busy": (
        _lt("The connector asks for a pause."),
        _lt("Nothing: Odoo tries again by itself."),
    ),
    "connector_answer_unreadable": (
        _lt("What answers at the connector's address is not the connector."),
        _lt("Check the connector's address in the settings."),
    ),
    "organisation_foreign": (
        _lt("The connector answers with another organisation's data."),
        _lt(
            "Nothing of it was taken. Tell whoever looks after the connector; until"
            " that is mended nothing more comes in."
        ),
    ),
    "connector_refused": (
        _lt("The connector refused the call."),
        _lt("Check that Odoo and the connector are of the same release."),
    ),
    "route_unknown": (
        _lt("What answers at the connector's address does not know this call."),
        _lt("Check the address, and that both are of the same release."),
    ),
    "not_found": (
        _lt("The connector does not know this connection or run."),
        _lt("Connect again."),
    ),
    "feed_taken": (
        _lt("Another Odoo database reads this connection's changes."),
        _lt("If this is the one to use, an administrator takes over here."),
    ),
    "app_not_set": (
        _lt("No Xero app is entered yet."),
        _lt("Enter the Xero client id and secret in the settings."),
    ),
    "app_has_connections": (
        _lt("Organisations are still connected by the present Xero app."),
        _lt("Disconnect them first, then change the app."),
    ),
    "xero_app_in_use": (
        _lt("Another Odoo uses this Xero app already."),
        _lt("Make an app of your own at developer.xero.com."),
    ),
    "webhook_key_invalid": (
        _lt("This is no webhooks key."),
        _lt("Copy it again from the page Webhooks of your app at Xero, and whole."),
    ),
    "webhook_key_missing": (
        _lt("The connector has no webhooks key."),
        _lt("Enter the key from the page Webhooks of your app at Xero."),
    ),
    "webhook_unreachable": (
        _lt("Nothing answers at the address in the time that Xero would wait."),
        _lt("Let whoever operates the connector see that it is open to the internet."),
    ),
    "webhook_key_refused": (
        _lt("The connector did not accept its own key, or took a wrong one."),
        _lt("Remove the key and enter it again; if it stays, look at its log."),
    ),
    "xero_client_invalid": (
        _lt("Xero does not know this client id and secret."),
        _lt("Copy both again from developer.xero.com into the settings."),
    ),
}

_DOCUMENTS = {
    "record_unknown": (
        _lt("Xero has no such record any more."),
        _lt("Sync this organisation, then look again."),
    ),
    "document_too_large": (
        _lt("The document is too large to be fetched."),
        _lt("Open it in Xero instead."),
    ),
    "report_not_allowed": (
        _lt("Xero does not let the user who connected this organisation see reports."),
        _lt("Give that user a role with reports in Xero, or let another reconnect."),
    ),
    "throttled": (
        _lt("Xero takes no more calls about this organisation for now."),
        _lt("Try again in a minute; if the day's calls are used up, tomorrow."),
    ),
}

_BALANCES = {
    "balance_contact_missing": (
        _lt("These documents are of a contact that has not come from Xero."),
        _lt("Sync again; if it stays, the contact is one that Xero keeps back."),
    ),
    "balance_not_converted": (
        _lt("%(amounts)s is not converted yet: the direction of rates is not proven."),
        _lt("It proves itself with balances; an administrator may choose it by hand."),
    ),
    "balance_rates_contradicted": (
        _lt("With the rates read the other way, the amounts would be the same."),
        _lt("Check the direction of Xero's currency rates on the connection."),
    ),
    "balance_cents": (
        _lt("Cents, from rounding amounts in other currencies."),
        _lt("Nothing: Xero rounds them in another order."),
    ),
    "balance_of_earlier_day": (
        _lt("Xero's balance was read on an earlier day; more is overdue since."),
        _lt("Nothing: what is shown here is right. A full sync reads balances anew."),
    ),
    "balance_future": (
        _lt("Payments or credits are dated after today, which one side leaves out."),
        _lt("Nothing: both agree once that day has come."),
    ),
    "balance_older": (
        _lt("Documents changed at Xero since its balance was read."),
        _lt("Read this customer again: check it with Xero's own report."),
    ),
    "balance_credit_missing": (
        _lt("Xero counts a credit that is not here, such as an overpayment."),
        _lt("Those are read once an hour: sync again later."),
    ),
    "balance_unexplained": (
        _lt("Nothing that is known here explains it."),
        _lt("Check it with Xero's own report, document by document."),
    ),
}

_REPORT = {
    "report_missing_here": (
        _lt("Xero's report has it, and it is not here."),
        _lt("Sync again; if it stays, tell whoever looks after the connector."),
    ),
    "report_missing_there": (
        _lt("It is open here, and Xero's report does not have it."),
        _lt("It may have been paid, voided or moved since: sync again."),
    ),
    "report_future": (
        _lt("It, or a payment of it, is dated after today; the report is of today."),
        _lt("Nothing: both agree once that day has come."),
    ),
    "report_not_converted": (
        _lt("It is not converted yet: the direction of rates is not proven."),
        _lt("It proves itself with balances; an administrator may choose it by hand."),
    ),
    "report_cents": (
        _lt("Cents, from rounding an amount in another currency."),
        _lt("Nothing: Xero rounds it in another order."),
    ),
    "report_differs": (
        _lt("Its amounts changed at Xero since it came."),
        _lt("Sync again."),
    ),
}

# What keeps something from being written to Xero.
_TO_XERO = {
    "xero_unknown": (
        _lt("Xero's answer was lost on the way, so it may have arrived."),
        _lt("Nothing: Odoo asks again by itself, and never makes a second one."),
    ),
    "xero_validation": (
        _lt("Xero refused it: %(message)s"),
        _lt("Mend what Xero names, then retry."),
    ),
    "contact_exists": (
        _lt("Xero has a contact of this name already."),
        _lt("Link the customer to it, or give the customer another name and retry."),
    ),
    "contact_number_taken": (
        _lt("Another contact in Xero has the number that this customer would get."),
        _lt("Link the customer to that contact, if it is the same."),
    ),
    "contact_archived": (
        _lt("The contact is archived in Xero, where nothing can be changed in it."),
        _lt("Restore it in Xero, then retry; or cancel."),
    ),
    "contact_changed": (
        _lt("Somebody changed the contact in Xero meanwhile."),
        _lt("Nothing: Odoo takes that over first, then sends what is left."),
    ),
    "contact_not_linked": (
        _lt("“%(customer)s” is not in Xero yet, where an invoice needs a customer."),
        _lt("Create the customer in Xero, or link it to its contact there."),
    ),
    "contact_on_its_way": (
        _lt("“%(customer)s” is on its way to Xero."),
        _lt("The draft follows as soon as the customer is there."),
    ),
    "invoice_customer_missing": (
        _lt("The opportunity has no customer."),
        _lt("Choose one on the opportunity first."),
    ),
    "invoice_currency_missing": (
        _lt("An invoice has a currency."),
        _lt("Choose one."),
    ),
    "invoice_currency_unknown": (
        _lt("Nothing in Xero is in %(currency)s so far, which it may not take."),
        _lt("Add the currency in Xero first, or draft in %(base)s by its own prices."),
    ),
    "invoice_empty": (
        _lt("There is nothing to invoice yet."),
        _lt("Add a line."),
    ),
    "invoice_lines": (
        _lt("These are %(count)s lines; one invoice takes %(limit)s."),
        _lt("Take some out, or put them together."),
    ),
    "invoice_total": (
        _lt("Xero takes no invoice below zero, nor one as large as this."),
        _lt("Correct the quantities or prices."),
    ),
    "invoice_line_description": (
        _lt("Line %(line)s says nothing."),
        _lt("Describe it, or take it out."),
    ),
    "invoice_line_long": (
        _lt("Line %(line)s has %(length)s characters; Xero takes %(limit)s."),
        _lt("Shorten it."),
    ),
    "invoice_line_item": (
        _lt("The item of line %(line)s has no code in Xero."),
        _lt("Give it one in Xero, or choose another item or none."),
    ),
    "invoice_line_amount": (
        _lt("The amount of line %(line)s is larger than Xero takes."),
        _lt("Correct its quantity or price."),
    ),
    "invoice_line_discount": (
        _lt("The discount of line %(line)s is not between 0 and 100 %%."),
        _lt("Correct it, or change the price instead."),
    ),
    "filter_unreadable": (
        _lt("The filter for new customers cannot be read: it may hold values only."),
        _lt("Set it anew with the conditions of the dialog."),
    ),
    "filter_broken": (
        _lt("The filter for new customers does not work: a field or value is wrong."),
        _lt("Take out the condition that does not work, or set the filter anew."),
    ),
    "filter_forbidden": (
        _lt("The filter asks for something that its user may not see."),
        _lt("Take that condition out, or let somebody with more rights set it."),
    ),
    "filter_slow": (
        _lt("The filter for new customers takes longer than %(seconds)s seconds."),
        _lt("Take out conditions that look into texts or far relations."),
    ),
    "filter_user_gone": (
        _lt(
            "The filter looks for customers as “%(user)s”, who is archived or no longer"
            " of this company."
        ),
        _lt("An administrator who is presses “Change…” and lets them go again."),
    ),
    "look_alike": (
        _lt("Xero may have this customer already."),
        _lt("Link the customer to the contact there, or create it anyway."),
    ),
    "write_in_progress": (
        _lt("Xero is being asked right now."),
        _lt("Nothing: its answer comes in a moment."),
    ),
    "idempotency_key_reused": (
        _lt("Something else was sent to Xero under this entry's key before."),
        _lt("Look in Xero for what came of it. Cancel this one, and make it anew."),
    ),
    "not_connected": (
        _lt("The organisation is not connected, so nothing can be sent."),
        _lt("Connect again, and it is sent by itself; or cancel."),
    ),
    "writing_not_allowed": (
        _lt("Xero has not been asked yet to let Odoo write this, or has not agreed."),
        _lt(
            "An administrator switches it on in the connection's settings, and connects"
            " again; it is sent by itself then."
        ),
    ),
    "contact_unlinked": (
        _lt("The customer is no longer linked to this contact of Xero."),
        _lt("Nothing: what is not linked is not updated."),
    ),
    "xero_refused": (
        _lt("Xero refused the call."),
        _lt("Retry; if it stays, look at the connector's log."),
    ),
    "waits_for_earlier": (
        _lt("Something else for the same customer goes first."),
        _lt("Nothing, or see to that one if it needs a person."),
    ),
    "customer_not_in_xero": (
        _lt("The customer is not linked to a contact in Xero."),
        _lt("Create or link the customer first, then retry."),
    ),
    "partner_gone": (
        _lt("The customer was deleted in Odoo meanwhile."),
        _lt("Nothing: nothing is sent of a customer that is gone."),
    ),
    "partner_archived": (
        _lt("The customer was archived in Odoo meanwhile, so nothing was sent."),
        _lt("Unarchive the customer and retry, or cancel."),
    ),
    "linked_meanwhile": (
        _lt("The customer was linked to a contact in Xero meanwhile."),
        _lt("Nothing: there is no need to create another one."),
    ),
    "linked_elsewhere": (
        _lt("The contact in Xero is another customer's here: %(partner)s."),
        _lt("Merge the two customers, or correct the link, then retry."),
    ),
    "nothing_to_send": (
        _lt("There was nothing left to send."),
        _lt("Nothing: Xero holds the same already."),
    ),
    "answer_unusable": (
        _lt("Xero did it, but what it answered could not be taken over here."),
        _lt("Retry; if it stays, look at Odoo's log."),
    ),
    "builder_failed": (
        _lt("What is to be sent could not be put together."),
        _lt("Retry; if it stays, look at Odoo's log."),
    ),
    "customer_name_missing": (
        _lt("The customer has no name, and Xero needs one."),
        _lt("Give it a name."),
    ),
    "too_long": (
        _lt(
            "%(field)s has %(length)s characters, and Xero takes %(limit)s at most:"
            " “%(value)s”."
        ),
        _lt("Shorten it."),
    ),
    "angle_brackets": (
        _lt("Xero takes no < and no > in %(field)s: “%(value)s”."),
        _lt("Write it without them."),
    ),
    "letters_only": (
        _lt("Xero takes only plain letters in %(field)s: “%(value)s”."),
        _lt("Write it without digits, signs and accents."),
    ),
    "not_email": (
        _lt("Xero takes “%(value)s” for no email address (%(field)s)."),
        _lt("Enter one address, without accents."),
    ),
    "not_currency": (
        _lt("Xero takes “%(value)s” for no currency (%(field)s)."),
        _lt("Enter its three letters, such as NZD."),
    ),
    "persons_left_out": (
        _lt("Xero keeps %(limit)s further persons at most. Not sent: %(names)s."),
        _lt("Nothing; or archive persons who are no longer there."),
    ),
    "persons_need_email": (
        _lt("Xero takes further persons with an email only. Not sent: %(names)s."),
        _lt("Give the company, or one of its persons, an email."),
    ),
    "addresses_left_out": (
        _lt("Xero keeps one street address. Not sent: %(names)s."),
        _lt("Nothing, if the right one goes."),
    ),
    "name_taken": (
        _lt("Xero has an active contact of this name already: “%(name)s”."),
        _lt("Link the customer to it, or give the customer another name."),
    ),
    "name_of_another": (
        _lt(
            "Xero has an active contact of this name already, which is another customer"
            " here: “%(name)s”."
        ),
        _lt("Merge the two customers here, or give this one another name."),
    ),
    "other_company": (
        _lt("It is a customer of %(company)s only."),
        _lt("Choose an organisation of that company."),
    ),
    "linked_already": (
        _lt("It is linked to “%(name)s” in this organisation already."),
        _lt("Nothing: there is no need to create another one."),
    ),
    "ask_to_begin": (
        _lt("No Xero organisation is connected for this customer's company."),
        _lt("A Xero administrator (%(who)s) connects one under Configuration."),
    ),
    "ask_to_connect": (
        _lt("“%(organisation)s” is not connected to Xero now."),
        _lt("A Xero administrator (%(who)s) connects it again."),
    ),
    "ask_to_allow": (
        _lt("Odoo may not create customers in “%(organisation)s” yet."),
        _lt(
            "A Xero administrator (%(who)s) ticks “Create and update customers” on the"
            " connection, and connects again."
        ),
    ),
    "ask_to_agree": (
        _lt("Xero has not been asked yet to let Odoo create customers."),
        _lt(
            "A Xero administrator (%(who)s) connects “%(organisation)s” again, and"
            " allows it on Xero's page."
        ),
    ),
    "created_before": (
        _lt("This customer was created in Xero from here before, as “%(name)s”."),
        _lt("Link it to that contact; or say below that you want another one."),
    ),
}

# What a connection's health tells beside what keeps it from working.
_HEALTH = {
    "sync_late": (
        _lt("No sync was completed for a long time."),
        _lt(
            "Look at the last runs. Sync now; if that stays, tell whoever looks after"
            " the connector."
        ),
    ),
    "run_failed": (
        _lt("The last sync failed: %(why)s"),
        _lt("Nothing is lost. Sync again, or wait for the next sync by itself."),
    ),
    "permission_ends": (
        _lt(
            "The permission given at Xero ends on %(ends)s, in %(days)s days: the"
            " connector has not renewed it."
        ),
        _lt("Reconnect, and tell whoever looks after the connector."),
    ),
    "feed_behind": (
        _lt("What Xero sent waits at the connector and does not come in here."),
        _lt(
            "Odoo's scheduled action “Xero: bring what waits into the CRM” may be"
            " stopped or stuck: tell whoever looks after Odoo."
        ),
    ),
    "reading_again": (
        _lt("A part of what Xero sent was lost; everything is read again."),
        _lt("Nothing: it goes on by itself."),
    ),
    "part_failing": (
        _lt("A batch from Xero could not be read (%(times)s times so far)."),
        _lt("Nothing yet: Odoo tries again, then passes it over and reads it anew."),
    ),
    "calls_used": (
        _lt(
            "%(left)s of this day's %(limit)s calls to Xero are left: syncs wait, and"
            " the rest is kept for single actions."
        ),
        _lt(
            "Nothing: syncs go on when Xero's day ends. A longer interval saves calls."
        ),
    ),
    "calls_few": (
        _lt("Few of this day's calls to Xero are left: %(left)s of %(limit)s."),
        _lt("Nothing yet. If it happens often, choose a longer interval."),
    ),
    "consent_lacks": (
        _lt("Not allowed at Xero yet: %(features)s."),
        _lt("Reconnect, and allow it there; or no longer ask for it here."),
    ),
    "webhooks_unconfirmed": (
        _lt("Xero has not confirmed the webhooks whose key is entered."),
        _lt(
            "Register the address in your app at developer.xero.com, under Webhooks,"
            " and save it there; then press Test."
        ),
    ),
    "webhooks_silent": (
        _lt("Xero has told of no change by webhook for two weeks."),
        _lt("Nothing, if nothing changed. Otherwise press Test beside its address."),
    ),
    "replaced": (
        _lt(
            "Xero reset this demo company, and another connection took its place"
            " (%(successor)s). Its customers keep their links, and what Xero sent of"
            " it stays."
        ),
        _lt("Delete it once nothing of it is needed: it goes on counting in figures."),
    ),
}

_CONNECTING = {
    "login_elsewhere": (
        _lt("This login at Xero was not started by you in this browser session."),
        _lt("Open the connection in Odoo and press Connect yourself."),
    ),
    "login_address_wrong": (
        _lt("The connector would have sent you to a page that is not Xero's."),
        _lt("Log in nowhere. Tell whoever looks after the connector."),
    ),
    "consent_denied": (
        _lt("The connection was refused on Xero's page."),
        _lt("Press Connect again and choose Allow access."),
    ),
    "code_refused": (
        _lt("Xero did not accept the login, which is valid for five minutes only."),
        _lt("Press Connect again."),
    ),
    "authorization_pending": (
        _lt("The login at Xero is not finished."),
        _lt("Finish it on Xero's page, or press Connect again."),
    ),
    "authorization_used": (
        _lt("This login was used already."),
        _lt("Press Connect again, if the connection is not there."),
    ),
    "authorization_expired": (
        _lt("The login at Xero took too long."),
        _lt("Press Connect again."),
    ),
    "organisation_different": (
        _lt("“%(got)s” was chosen at Xero, but this connection is for “%(expected)s”."),
        _lt("Choose the same organisation, or make a new connection."),
    ),
    "organisation_taken": (
        _lt("This organisation is connected already."),
        _lt("Use that connection, or choose another organisation."),
    ),
    "organisation_none": (
        _lt("No organisation was chosen at Xero."),
        _lt("Press Connect again and choose one."),
    ),
}

# What the records of one reason have in common, where the reason names details.
_KINDS = {
    "required_missing": _lt("Xero has no value of a field that the import asks for."),
    "key_conflict": _lt("More than one CRM record has the record's key."),
    "key_of_variant": _lt("The key is that of one of several variants of a product."),
    "company_conflict": _lt("More than one CRM record may be the person's company."),
    "record_not_visible": _lt("The import's user may not see the CRM record."),
    "company_missing": _lt("The person's company is not in the CRM yet."),
    "country_unknown": _lt("Odoo does not know the country; the rest came."),
    "state_unknown": _lt("Odoo does not know the state; the rest came."),
    "value_unusable": _lt("A value does not fit its field; the rest came."),
    "vat_refused": _lt("The tax number is not valid for its country; the rest came."),
    "value_refused": _lt("Odoo refused a value; the rest came."),
    "value_of_variants": _lt(
        "A value is one of the product's variants; the rest came."
    ),
    "price_currency": _lt("A price is in another currency; the rest came."),
    "delivery_refused": _lt("Odoo refused the delivery address."),
    "write_refused": _lt("Odoo refused the record."),
    "both_changed": _lt("A field was changed in Xero and in the CRM."),
    "merged_two_customers": _lt("Two customers here are one contact in Xero now."),
    "changed_since_preview": _lt("It changed since the preview."),
}

_UNKNOWN = (
    _lt("Something unexpected happened (%(code)s)."),
    _lt("Try again; if it stays, tell whoever looks after the connector."),
)

# What stops a connection until a person does something about it.
STOPPING_CODES = (
    "reconnect_needed",
    "organisation_gone",
    "user_removed",
    "demo_company_reset",
    "scope_missing",
    "xero_client_invalid",
)
REASONS = {
    **_RECORDS,
    **_RUNS,
    **_CONNECTOR,
    **_DOCUMENTS,
    **_BALANCES,
    **_REPORT,
    **_TO_XERO,
    **_HEALTH,
    **_CONNECTING,
}


def describe(env, code, /, **data):
    """The `Reason` of a code in the language of `env`."""
    happened, remedy = REASONS.get(code, _UNKNOWN)
    # A code may be told with less than all its details.
    values = defaultdict(lambda: "?", data | {"code": code})
    texts = [env._(text) for text in (happened, remedy)]
    return Reason(*(text % values for text in texts))


def kind_of(env, code):
    """What happened, without the details of one record: the same text for all."""
    happened, _remedy = REASONS.get(code, _UNKNOWN)
    told = env._(_KINDS.get(code, happened))
    return told % defaultdict(lambda: "…", code=code)


def sentence(env, code, /, **data):
    """What happened and what to do, as one text."""
    return " ".join(describe(env, code, **data))


def waiting_sentence(env, code, detail):
    """What a run waits for; the connector's own words where its code is new here."""
    return env._(_WAITS[code]) if code in _WAITS else detail
