import {RadioField, radioField} from "@web/views/fields/radio/radio_field";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/** The modes of an import, each with what it does. */
class ModeField extends RadioField {
    static template = "crm_xero_module.ModeField";

    explain(mode) {
        return {
            import: _t("New records come; what exists is never changed."),
            import_update: _t("New records come, existing ones follow Xero."),
            update: _t("Existing records follow Xero; none is created."),
        }[mode];
    }
}

registry.category("fields").add("xero_mode", {...radioField, component: ModeField});
