import {Component, onMounted, onWillDestroy, useState} from "@odoo/owl";
import {deserializeDateTime, formatDateTime} from "@web/core/l10n/dates";
import {AlikeContacts} from "./alike_contacts";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

// A sync holds the organisation for a batch at most; what takes longer is left to it.
const TRIES = 5;
const PAUSE = 1000;

/** Sends one entry of the outbox while a person waits, and shows what became of it. */
export class XeroSend extends Component {
    static template = "crm_xero_module.XeroSend";
    static components = {AlikeContacts};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({entry: null, isBusy: true, problem: null});
        this.isGone = false;
        onMounted(() => this.send());
        onWillDestroy(() => {
            this.isGone = true;
        });
    }

    get outboxId() {
        return this.props.action.params.outbox_id;
    }

    get entry() {
        return this.state.entry;
    }

    get nextTry() {
        const at = this.entry.next_try_at;
        return at && formatDateTime(deserializeDateTime(at));
    }

    get waitingText() {
        if (this.entry.is_answered) {
            return _t("Xero has it. It is taken over here…");
        }
        return _t("Sending to Xero…");
    }

    async send() {
        await this.call("send_now");
        for (let tries = 0; tries < TRIES && this.entry?.is_answered; tries++) {
            if (tries) {
                await new Promise((resolve) => browser.setTimeout(resolve, PAUSE));
            }
            if (this.isGone) {
                return;
            }
            await this.call("settle_now");
        }
        this.state.isBusy = false;
    }

    async link(contactId) {
        this.state.isBusy = true;
        await this.call("link_instead", contactId);
        this.state.isBusy = false;
    }

    async createAnyway() {
        this.state.isBusy = true;
        await this.orm.call("xero.outbox", "action_create_anyway", [[this.outboxId]]);
        await this.send();
    }

    /** Whatever fails here is in the outbox all the same: say so, and keep it there. */
    async call(method, ...args) {
        this.state.problem = null;
        try {
            const parameters = [[this.outboxId], ...args];
            const told = await this.orm.silent.call("xero.outbox", method, parameters);
            this.state.entry = told[0];
        } catch (error) {
            this.state.problem = error.data?.message || _t("Odoo cannot be reached.");
        }
    }

    close() {
        return this.action.doAction({type: "ir.actions.act_window_close"});
    }

    open() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "xero.outbox",
            res_id: this.outboxId,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("xero_send", XeroSend);
