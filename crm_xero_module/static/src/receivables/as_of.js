import {ControlPanel} from "@web/search/control_panel/control_panel";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {deserializeDate, serializeDate} from "@web/core/l10n/dates";
import {SearchModel} from "@web/search/search_model";
import {_t} from "@web/core/l10n/translation";

/** The context's key of the day that receivables are shown of. */
export const DAY = "xero_day";

/**
 * A search that also knows a day, which goes into the context, and stays when people go
 * to another view and come back. No day is today, in each organisation's time zone.
 */
export const withDay = (SearchModel) =>
    class extends SearchModel {
        async load(config) {
            this.day = config.context?.[DAY] || false;
            await super.load(config);
        }

        /** An ISO date, or false for today. */
        setDay(day) {
            this.day = day;
            this._notify();
        }

        _getContext() {
            return {...super._getContext(), [DAY]: this.day};
        }

        exportState() {
            return {...super.exportState(), [DAY]: this.day};
        }

        _importState(state) {
            super._importState(state);
            this.day = state[DAY];
        }
    };

/** The control panel with "As of" beside the search. */
export class AsOfControlPanel extends ControlPanel {
    static template = "crm_xero_module.AsOfControlPanel";
    static components = {...ControlPanel.components, DateTimeInput};

    get dayProps() {
        const day = this.env.searchModel.day;
        return {
            type: "date",
            value: day ? deserializeDate(day) : false,
            placeholder: _t("today"),
            class: "o_input o_xero_day_input",
            onApply: (value) => this.setDay(value ? serializeDate(value) : false),
        };
    }

    setDay(day) {
        if (day !== this.env.searchModel.day) {
            this.env.searchModel.setDay(day);
        }
    }
}

/** A view that shows what was so on a day. */
export const asOf = (view) => ({
    ...view,
    ControlPanel: AsOfControlPanel,
    SearchModel: withDay(view.SearchModel || SearchModel),
});
