import {Component, onMounted, onWillUnmount, xml} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {formatDateTime} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const LOOK_AGAIN = 15000;

/** A moment to come as the time until then, which goes on while it is looked at. */
export class NextField extends Component {
    static template = xml`<span t-esc="text" t-att-title="moment"/>`;
    static props = {...standardFieldProps};

    setup() {
        let timer = null;
        onMounted(() => {
            timer = browser.setInterval(() => this.render(), LOOK_AGAIN);
        });
        onWillUnmount(() => browser.clearInterval(timer));
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    get text() {
        if (!this.value) {
            return "";
        }
        const left = this.value.diffNow();
        return left.as("seconds") < 60 ? _t("in a minute") : this.value.toRelative();
    }

    get moment() {
        return this.value ? formatDateTime(this.value) : "";
    }
}

registry.category("fields").add("xero_next", {
    component: NextField,
    supportedTypes: ["datetime"],
});
