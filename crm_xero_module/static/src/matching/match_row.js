import {Component} from "@odoo/owl";
import {RecordChooser} from "./record_chooser";
import {_t} from "@web/core/l10n/translation";
import {compared} from "./compared";
import {shown} from "./matching_model";
import {useRowFocus} from "./focus";

const ACCEPT = {
    name: "accept",
    label: _t("Accept"),
    key: "Enter",
    sign: "⏎",
    icon: "fa-check",
};
const OTHER = {
    name: "choose",
    label: _t("Other…"),
    key: "O",
    sign: "O",
    icon: "fa-search",
};
const NEW = {name: "newCustomer", label: _t("New customer"), key: "C", sign: "C"};
const NEVER = {name: "never", label: _t("Never"), key: "N", sign: "N"};
const AGAIN = {name: "accept", key: "Enter", sign: "⏎", icon: "fa-undo"};
// What takes a decision back, in the lists of those that were decided.
const BACK = {never: _t("Suggest again"), new: _t("Decide again")};

/** What speaks against it is told among what the two have in common. */
const AGAINST = ["other_vat"];

/** What the two have in common, in the server's words. */
function reasonsOf({reasons}) {
    return reasons.map(([, , words]) => words);
}

/**
 * One contact of Xero, and the customer that it may be.
 *
 * The current row compares all fields of both and has all buttons; the others show
 * what fits into a line, so that many are seen at once.
 */
export class MatchRow extends Component {
    static template = "crm_xero_module.MatchRow";
    static components = {RecordChooser};
    static props = {
        row: Object,
        index: Number,
        isCurrent: Boolean,
        isChosen: Boolean,
        isChoosing: Boolean,
        kind: String,
        customerDomain: Array,
        problem: {type: String, optional: true},
        act: Object,
    };

    setup() {
        useRowFocus();
    }

    /** Tab goes through what is in the current row, and from there out of the list. */
    get tabindex() {
        return this.props.isCurrent ? 0 : -1;
    }

    get contact() {
        return this.props.row.contact;
    }

    get suggestion() {
        return shown(this.props.row);
    }

    get partner() {
        return this.suggestion && this.suggestion.partner;
    }

    /** What is compared below the names. */
    get fields() {
        return this.compared.filter(({name}) => name !== "name");
    }

    get compared() {
        return compared(this.contact, this.suggestion);
    }

    get nameMark() {
        return this.compared.find(({name}) => name === "name")?.mark;
    }

    get badges() {
        const {archived, is_customer, is_supplier} = this.contact;
        return [
            archived && _t("Archived in Xero"),
            is_supplier && !is_customer && _t("Vendor"),
        ].filter(Boolean);
    }

    get reasons() {
        return this.suggestion.reasons.map(([code, , words]) => ({
            words,
            isAgainst: AGAINST.includes(code),
        }));
    }

    get sharedWords() {
        const {others} = this.suggestion;
        return others === 1
            ? _t("Suggested for another contact too")
            : _t("Suggested for %s other contacts too", others);
    }

    /** The other suggestions, each to be looked at by one click. */
    get others() {
        const {row} = this.props;
        return (row.suggestions || [])
            .map((suggestion, index) => ({
                ...suggestion,
                index,
                words: reasonsOf(suggestion).join(", "),
            }))
            .filter(({index}) => index !== (row.shown || 0));
    }

    get actions() {
        const {isCurrent, kind} = this.props;
        if (BACK[kind]) {
            return [{...AGAIN, label: BACK[kind], class: "btn-secondary"}];
        }
        const primary = isCurrent ? "btn-primary" : "btn-secondary";
        const all = this.suggestion
            ? [
                  {...ACCEPT, class: primary},
                  {...OTHER, class: "btn-secondary"},
                  {...NEW, class: "btn-secondary"},
                  {...NEVER, class: "btn-secondary"},
              ]
            : [
                  {...OTHER, class: "btn-secondary"},
                  {...NEW, class: "btn-secondary"},
              ];
        return isCurrent ? all : all.slice(0, 1);
    }

    /** What the row says to those who do not see it. */
    get said() {
        const {contact, partner, suggestion} = this;
        if (!suggestion) {
            return _t("%s: no suggestion", contact.name);
        }
        return _t("%(contact)s: %(customer)s, %(score)s percent. %(reasons)s", {
            contact: contact.name,
            customer: partner.name,
            score: suggestion.score,
            reasons: reasonsOf(suggestion).join(", "),
        });
    }

    get chooseLabel() {
        return _t("Choose %s", this.contact.name);
    }

    get chooserLabel() {
        return _t("Which customer is it?");
    }
}
