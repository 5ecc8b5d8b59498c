import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {TagsList} from "@web/core/tags_list/tags_list";
import {FieldMenu, fieldChoices} from "./field_menu";

/** The CRM field of a mapping line, by its label; `*` where it is required. */
class CrmField extends Component {
    static template = "crm_xero_module.CrmField";
    static components = {FieldMenu};
    static props = {...standardFieldProps};

    get placeholder() {
        return _t("Choose a CRM field");
    }
    get value() {
        return this.props.record.data[this.props.name] || undefined;
    }
    get choices() {
        const chosen = this.value ? [this.value] : [];
        const taken = new Set(
            this.props.record._parentRecord.data.mapping_ids.records
                .map((line) => line.data[this.props.name])
                .filter((name) => name !== this.value)
        );
        return fieldChoices(this.props.record, "targets", chosen).filter(
            ({name}) => !taken.has(name)
        );
    }
    get field() {
        return this.choices.find(({value}) => value === this.value);
    }
    get isRequired() {
        return this.props.record.data.is_required;
    }
    async onSelect(name) {
        await this.props.record.update({[this.props.name]: name});
    }
}

registry.category("fields").add("xero_crm_field", {
    component: CrmField,
    displayName: _t("CRM field"),
    supportedTypes: ["char"],
    fieldDependencies: [{name: "is_required", type: "boolean"}],
});

/** The Xero fields of a mapping line, in their order: the first with a value wins. */
class XeroFields extends Component {
    static template = "crm_xero_module.XeroFields";
    static components = {FieldMenu, TagsList};
    static props = {...standardFieldProps};

    setup() {
        // What was chosen and is not answered yet: the record holds it only then, and
        // who chooses on meanwhile does so from what they see.
        this.asked = useState({names: null, count: 0});
    }

    get placeholder() {
        return this.names.length ? "" : _t("Choose Xero fields");
    }
    get names() {
        const text = this.asked.names ?? this.props.record.data[this.props.name];
        return (text || "")
            .split(",")
            .map((name) => name.trim())
            .filter(Boolean);
    }
    get choices() {
        return fieldChoices(this.props.record, "sources", this.names);
    }
    get tags() {
        const choices = this.choices;
        return this.names.map((name) => {
            const {title, tooltip} = choices.find(({value}) => value === name);
            return {id: name, text: title, title: tooltip};
        });
    }
    async onSelect(names) {
        const text = (names || []).join(",");
        const count = ++this.asked.count;
        this.asked.names = text;
        try {
            await this.props.record.update({[this.props.name]: text});
        } finally {
            if (this.asked.count === count) {
                this.asked.names = null;
            }
        }
    }
}

registry.category("fields").add("xero_fields", {
    component: XeroFields,
    displayName: _t("Xero fields"),
    supportedTypes: ["char"],
});

/** One line of all is the key: choosing it frees the one that was. */
class KeyField extends Component {
    static template = "crm_xero_module.KeyField";
    static props = {...standardFieldProps};

    get isKey() {
        return this.props.record.data[this.props.name];
    }
    get isReadonly() {
        return !this.props.record._parentRecord.isInEdition;
    }
    async toggle() {
        if (this.isReadonly) {
            return;
        }
        const {record, name} = this.props;
        const lines = record._parentRecord.data.mapping_ids.records;
        const wanted = !this.isKey;
        for (const line of lines) {
            if (line !== record && line.data[name]) {
                await line.update({[name]: false});
            }
        }
        await record.update({[name]: wanted});
    }
}

registry.category("fields").add("xero_key", {
    component: KeyField,
    displayName: _t("Key"),
    supportedTypes: ["boolean"],
});

/** What a line takes from the first record, or what is wrong with the line. */
class ExampleField extends Component {
    static template = "crm_xero_module.ExampleField";
    static props = {...standardFieldProps};

    get problem() {
        return this.props.record.data.problem;
    }
    get example() {
        return this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("xero_example", {
    component: ExampleField,
    displayName: _t("Example"),
    supportedTypes: ["char"],
    fieldDependencies: [{name: "problem", type: "char"}],
});
