import {_t} from "@web/core/l10n/translation";
import {deserializeDateTime, toLocaleDateTimeString} from "@web/core/l10n/dates";
import {formatInteger} from "@web/views/fields/formatters";

const {DateTime} = luxon;
export const LIVE_STATES = ["queued", "running", "waiting"];

export function isLive(run) {
    return LIVE_STATES.includes(run.state);
}

/** "40 s left", "at least 2 min left"; nothing where nobody knows. */
export function timeLeft(seconds, isLeast = false) {
    if (!seconds || seconds <= 0) {
        return "";
    }
    if (seconds < 90) {
        const s = Math.round(seconds);
        return isLeast ? _t("at least %s s left", s) : _t("%s s left", s);
    }
    if (seconds < 5400) {
        const m = Math.round(seconds / 60);
        return isLeast ? _t("at least %s min left", m) : _t("%s min left", m);
    }
    const h = Math.round(seconds / 3600);
    return isLeast ? _t("at least %s h left", h) : _t("%s h left", h);
}

/** "goes on at 14:03", in the reader's time zone; with the day where it is another. */
export function goesOn(dueAt) {
    if (!dueAt) {
        return "";
    }
    const due = deserializeDateTime(dueAt);
    if (due <= DateTime.now()) {
        return _t("goes on now");
    }
    const showDate = !due.hasSame(DateTime.now(), "day");
    const options = {showDate, showTime: true, showSeconds: false};
    return _t("goes on at %s", toLocaleDateTimeString(due, options));
}

/** "Invoices 12,000 of 50,000" */
function whereItIs({step}) {
    if (!step) {
        return "";
    }
    const {label, done, total} = step;
    const counted = total
        ? _t("%(done)s of %(total)s", {
              done: formatInteger(done),
              total: formatInteger(total),
          })
        : done && formatInteger(done);
    return [label, counted].filter(Boolean).join(" ");
}

/**
 * What a run does just now, as `xero.sync.live` tells it.
 *
 * @param {Object} run
 * @param {Boolean} withReason whether it says what a run waits for, too
 */
export function doingNow(run, withReason = true) {
    if (run.stopping) {
        return _t("Stopping: what Xero has sent already still comes in");
    }
    if (run.state === "queued") {
        return _t("Waiting for its turn");
    }
    if (run.state === "waiting") {
        const reason = (withReason && run.message) || _t("Waiting");
        // A sentence, of which this is the first part of a line.
        return [reason.replace(/\.$/, ""), goesOn(run.due_at)].filter(Boolean).join(" · ");
    }
    return [whereItIs(run) || _t("Beginning"), timeLeft(run.left, run.least)]
        .filter(Boolean)
        .join(" · ");
}
