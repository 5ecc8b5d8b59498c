import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

const MOVE = {signs: ["↑", "↓"], words: _t("move")};
const SUGGESTION = {signs: ["←", "→"], words: _t("other suggestion")};
const ACCEPT = {signs: ["⏎"], words: _t("accept")};
const AGAIN = {signs: ["⏎"], words: _t("take it back")};
const OTHER = {signs: ["O"], words: _t("other customer")};
const NEW = {signs: ["C"], words: _t("new customer")};
const NEVER = {signs: ["N"], words: _t("never")};
const CHOOSE = {signs: [_t("Space")], words: _t("choose")};
const CONTACT = {signs: ["O"], words: _t("choose its contact")};
const CREATE = {signs: ["C"], words: _t("create in Xero")};

/** Which key does what; what was just done, and the way back from it. */
export class KeyHints extends Component {
    static template = "crm_xero_module.KeyHints";
    static props = {
        hasRows: Boolean,
        isContacts: Boolean,
        canCreate: Boolean,
        isDecided: Boolean,
        said: String,
        canUndo: Boolean,
        undo: Function,
    };

    get hints() {
        if (!this.props.hasRows) {
            return [];
        }
        if (!this.props.isContacts) {
            return this.props.canCreate ? [MOVE, CONTACT, CREATE] : [MOVE, CONTACT];
        }
        return this.props.isDecided
            ? [MOVE, AGAIN, CHOOSE]
            : [MOVE, ACCEPT, OTHER, NEW, NEVER, SUGGESTION, CHOOSE];
    }
}
