import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

const openForm = (model, id) => ({
    type: "ir.actions.act_window",
    res_model: model,
    res_id: id,
    views: [[false, "form"]],
});

/** What will be sent to Xero beside what is alike there; the problems above. */
export class CreateSheet extends Component {
    static template = "crm_xero_module.CreateSheet";
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
    }

    get sheet() {
        return this.props.record.data[this.props.name] || {};
    }

    get isCreate() {
        return this.props.record.data.mode === "create";
    }

    /** Fields of one kind follow each other; their label is told once. */
    get rows() {
        const rows = this.sheet.rows || [];
        return rows.map((row, index) => ({
            ...row,
            label: index && rows[index - 1].label === row.label ? "" : row.label,
        }));
    }

    async link(contactId) {
        const {record} = this.props;
        if (!(await record.save())) {
            return;
        }
        await this.action.doActionButton({
            type: "object",
            name: "action_link",
            resModel: record.resModel,
            resId: record.resId,
            resIds: [record.resId],
            args: JSON.stringify([contactId]),
            context: {},
        });
    }

    openCustomer(id) {
        return this.action.doAction(openForm("res.partner", id));
    }
}

registry.category("fields").add("xero_create_sheet", {
    component: CreateSheet,
    supportedTypes: ["json"],
});

/** Which of many customers go to Xero, and why the others stay. */
export class CreateMany extends Component {
    static template = "crm_xero_module.CreateMany";
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
    }

    get sheet() {
        return this.props.record.data[this.props.name] || {goes: [], left: []};
    }

    openCustomer(id) {
        return this.action.doAction(openForm("res.partner", id));
    }
}

registry.category("fields").add("xero_create_many", {
    component: CreateMany,
    supportedTypes: ["json"],
});
