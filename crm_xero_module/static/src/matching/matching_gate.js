import {Component} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";

/** While imports wait for the matching: why, and what lets them begin. */
export class MatchingGate extends Component {
    static template = "crm_xero_module.MatchingGate";
    static props = {model: Object};

    setup() {
        this.dialog = useService("dialog");
    }

    get connection() {
        return this.props.model.page.connection;
    }

    get hasMatched() {
        return this.props.model.page.matched > 0;
    }

    ask() {
        const {counts} = this.props.model.page;
        const body = this.hasMatched
            ? _t(
                  "Imports begin. Contacts that are not matched are found by the keys of" +
                      " the imports, and the others become new customers: %s at most.",
                  counts.all
              )
            : _t(
                  "Imports begin. Contacts are found by the keys of the imports alone, and" +
                      " the others become new customers, also those that the CRM has" +
                      " under another number."
              );
        this.dialog.add(ConfirmationDialog, {
            title: this.hasMatched ? _t("Done matching?") : _t("Import without matching?"),
            body,
            confirmLabel: _t("Begin importing"),
            confirm: () => this.props.model.done(!this.hasMatched),
            cancelLabel: _t("Not yet"),
            cancel: () => {},
        });
    }
}
