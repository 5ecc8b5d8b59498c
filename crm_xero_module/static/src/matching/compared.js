import {_t} from "@web/core/l10n/translation";

const FIELDS = [
    ["name", _t("Name")],
    ["email", _t("Email")],
    ["phone", _t("Phone")],
    ["vat", _t("VAT")],
    ["city", _t("City")],
    ["country", _t("Country")],
];
const MARKS = {
    same: {icon: "fa-check", words: _t("the same")},
    alike: {icon: "fa-check", words: _t("the same, written otherwise")},
    differs: {icon: "fa-exclamation", words: _t("different")},
    left: {icon: "fa-long-arrow-left", words: _t("only in Xero")},
    right: {icon: "fa-long-arrow-right", words: _t("only in the CRM")},
};

const NONE = {partner: {}, same: [], reasons: []};
// So many of a phone's last digits make it the same, with a country code or without.
const PHONE_DIGITS = 8;

function lastDigits(phone) {
    return phone.replace(/\D/g, "").slice(-PHONE_DIGITS);
}

/** Whether two names differ by their legal form, or two phones by the country code. */
function isAlike(name, left, right, reasons) {
    if (name === "phone") {
        const digits = lastDigits(left);
        return digits.length === PHONE_DIGITS && digits === lastDigits(right);
    }
    const isSameName = ([code, value]) => code === "name" && value === 100;
    return name === "name" && reasons.some(isSameName);
}

function markOf(name, left, right, {same, reasons}) {
    if (same.includes(name)) {
        return "same";
    }
    if (left && right && isAlike(name, left, right, reasons)) {
        return "alike";
    }
    if (left && right) {
        return "differs";
    }
    return left ? "left" : "right";
}

/**
 * The fields of a Xero contact beside those of a customer, and which of them differ.
 *
 * Fields that neither has are left out. What is the same though written otherwise,
 * the server says.
 */
export function compared(contact, suggestion = NONE) {
    const {partner} = suggestion;
    return FIELDS.filter(([name]) => contact[name] || partner[name]).map(
        ([name, label]) => {
            const [left, right] = [contact[name] || "", partner[name] || ""];
            const mark = markOf(name, left, right, suggestion);
            return {name, label, left, right, mark, ...MARKS[mark]};
        }
    );
}
