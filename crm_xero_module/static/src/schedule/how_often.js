import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";

/** Offered until the connector has said what each costs. */
const USUAL_MINUTES = [5, 10, 15, 20, 30, 60, 120, 240, 480, 1440];
const USUAL = 15;
/** More often is not proposed where Xero tells of changes, however many calls are left. */
const RECONCILING = 30;

/** What the record's fields are that these functions read. */
export const HOW_OFTEN_FIELDS = [
    {name: "plan", type: "json", readonly: true},
    {name: "schedule", type: "selection", readonly: false},
    {name: "interval_minutes", type: "integer", readonly: false},
    {name: "webhooks", type: "json", readonly: true},
];

/** An interval as it follows "every": "15 minutes", "hour", "day". */
export function intervalText(minutes) {
    if (minutes === 1440) {
        return _t("day");
    }
    if (minutes === 60) {
        return _t("hour");
    }
    return minutes % 60 ? _t("%s minutes", minutes) : _t("%s hours", minutes / 60);
}

/** The intervals to choose from: {minutes, calls, fits}; of some nobody knows more. */
export function choicesOf({plan, interval_minutes: chosen}) {
    const choices = plan?.choices || USUAL_MINUTES.map((minutes) => ({minutes}));
    if (choices.some((choice) => choice.minutes === chosen)) {
        return choices;
    }
    return [...choices, {minutes: chosen}].sort((a, b) => a.minutes - b.minutes);
}

/** What a schedule comes to: the interval and its calls; null where nothing by itself. */
export function comesTo(data, schedule = data.schedule) {
    if (schedule === "manual") {
        return null;
    }
    const minutes =
        schedule === "fixed" ? data.interval_minutes : data.plan?.proposed || USUAL;
    const known = (data.plan?.choices || []).find((one) => one.minutes === minutes);
    return known || {minutes};
}

/** "362 of 1,000 calls a day", or nothing where nobody has said. */
export function costText(plan, choice) {
    if (choice?.calls === undefined) {
        return "";
    }
    return _t("%(calls)s of %(limit)s calls a day", {
        calls: formatInteger(choice.calls),
        limit: formatInteger(plan.day_limit),
    });
}

/** Why the proposal is not the shortest that fits; nothing where it is. */
export function reasonOf({plan, webhooks}) {
    const fitting = (plan?.choices || []).find((one) => one.fits);
    if (!fitting || plan.proposed <= fitting.minutes) {
        return "";
    }
    if (webhooks?.works && plan.proposed <= RECONCILING) {
        return _t("Xero tells of changes in between: a sync only finds what was missed.");
    }
    return _t("Slower than usual, because few of today's calls are left.");
}

/** What is wrong with an interval, as {level, text}; null where it fits. */
export function warningOf(data) {
    const {plan} = data;
    const choice = comesTo(data);
    if (choice?.calls === undefined || choice.fits) {
        return null;
    }
    const fitting = plan.choices.find((one) => one.fits);
    const values = {
        interval: intervalText(choice.minutes),
        calls: formatInteger(choice.calls),
        limit: formatInteger(plan.day_limit),
    };
    const better = fitting
        ? _t("Every %s fits.", intervalText(fitting.minutes))
        : _t("No interval fits: sync less of it, or ask Xero for a higher tier.");
    if (choice.calls > plan.day_limit - plan.reserved) {
        const text = _t(
            "Every %(interval)s takes %(calls)s calls a day, and Xero allows %(limit)s for this organisation: before the day is over, none is left and syncs wait for the next.",
            values
        );
        return {level: "danger", text: `${text} ${better}`};
    }
    const text = _t(
        "Every %(interval)s takes %(calls)s of %(limit)s calls a day. Too few are left for what people do and for changes that Xero tells of: on a busy day, syncs have to wait.",
        values
    );
    return {level: "warning", text: `${text} ${better}`};
}
