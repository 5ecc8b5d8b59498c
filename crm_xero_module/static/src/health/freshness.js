import {Component, onWillUnmount, useState, xml} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatDateTime} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const {DateTime} = luxon;
const TICK = 30_000;

/** "last sync 4 minutes ago · next in 11 minutes", which goes on while it is looked at. */
export class Freshness extends Component {
    static template = xml`
        <span class="o_xero_freshness text-muted" t-att-title="moments">
            <t t-esc="last"/><t t-if="next"> · <t t-esc="next"/></t>
        </span>`;
    static props = {...standardFieldProps};

    setup() {
        this.clock = useState({now: DateTime.now()});
        const timer = setInterval(() => (this.clock.now = DateTime.now()), TICK);
        onWillUnmount(() => clearInterval(timer));
    }

    get data() {
        return this.props.record.data;
    }

    relative(moment) {
        return moment.toRelative({base: this.clock.now});
    }

    get last() {
        const {last_sync_at} = this.data;
        if (!last_sync_at) {
            return _t("no sync yet");
        }
        const isNew = this.clock.now.diff(last_sync_at).as("minutes") < 1;
        return isNew
            ? _t("last sync just now")
            : _t("last sync %s", this.relative(last_sync_at));
    }

    get next() {
        const {next_sync_at, state} = this.data;
        if (!next_sync_at || state !== "connected") {
            return "";
        }
        return next_sync_at <= this.clock.now
            ? _t("next now")
            : _t("next %s", this.relative(next_sync_at));
    }

    get moments() {
        const {last_sync_at, next_sync_at} = this.data;
        return [last_sync_at, next_sync_at]
            .filter(Boolean)
            .map((moment) => formatDateTime(moment))
            .join(" · ");
    }
}

registry.category("fields").add("xero_freshness", {
    component: Freshness,
    supportedTypes: ["datetime"],
    fieldDependencies: [
        {name: "next_sync_at", type: "datetime"},
        {name: "state", type: "selection"},
    ],
});
