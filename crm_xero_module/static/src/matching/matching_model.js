import {KeepLast, Mutex} from "@web/core/utils/concurrency";
import {markRaw, reactive} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

export const PAGE = 40;
export const CONTACTS = "contacts";
export const CUSTOMERS = "customers";
const MODEL = "xero.match";
// The lists of those about whom something was decided, and what takes it back.
const BACK = {never: "never_undo", new: "decide_again"};
// What is asked for contacts; everything else is about suggestions.
const OF_CONTACTS = new Set(["new_customer", "decide_again"]);
const NOTHING = {
    connections: [],
    connection: false,
    matched: 0,
    total: 0,
    unclear: 0,
    counts: {},
    length: 0,
    rows: [],
    // What was asked for when these rows were read.
    filter: {side: CONTACTS, kind: "all", search: "", score: false},
};

/** Rows are told from each other by what stands on their left. */
export function keyOf(row) {
    return row.contact ? row.contact.id : row.partner.id;
}

/**
 * What the workbench shows, and what people decide in it.
 *
 * A decision takes its row away at once and is sent after those before it; when the
 * last one is answered the page is read anew, which also brings back what was refused.
 */
export class MatchingModel {
    constructor(orm, saved = {}) {
        this.orm = markRaw(orm);
        this.mutex = markRaw(new Mutex());
        this.reading = markRaw(new KeepLast());
        this.pending = 0;
        this.undos = [];
        this.connectionId = saved.connectionId || false;
        this.filter = {...NOTHING.filter, ...saved.filter};
        this.offset = saved.offset || 0;
        this.limit = saved.limit || PAGE;
        this.currentKey = saved.currentKey || false;
        this.page = NOTHING;
        this.chosen = new Set();
        this.isAllChosen = false;
        this.problems = {};
        this.said = "";
        this.isLoaded = false;
        this.isFreshening = false;
        return reactive(this);
    }

    /** What brings the same screen back. */
    get saved() {
        const {connectionId, filter, offset, limit, currentKey} = this;
        return {connectionId, filter: {...filter}, offset, limit, currentKey};
    }

    get rows() {
        return this.page.rows;
    }

    get current() {
        return this.rows.find((row) => keyOf(row) === this.currentKey);
    }

    /** Whether all from a score on are looked through; chosen are then the excluded. */
    get isAbove() {
        return this.page.filter.score !== false;
    }

    /** Whether those are shown about whom something was decided before. */
    get isDecided() {
        return this.page.filter.kind in BACK;
    }

    /** Whether customers may be created in Xero. */
    get canCreate() {
        return Boolean(this.page.connection && this.page.connection.with_writing);
    }

    get canUndo() {
        return Boolean(this.undos.length);
    }

    // Reading

    async load() {
        const filter = {...this.filter};
        const page = await this.reading.add(
            this.orm.call(MODEL, "load_matches", [
                this.connectionId,
                filter,
                this.offset,
                this.limit,
            ])
        );
        page.filter = filter;
        if (this.pending) {
            // Another decision was made meanwhile: it reads again.
            return;
        }
        if (!page.rows.length && page.length && this.offset) {
            // The last page was worked off.
            this.offset = Math.max(0, page.length - this.limit);
            return this.load();
        }
        this.show(page);
    }

    /** Work the suggestions out anew where something changed since. */
    async freshen() {
        if (!this.page.is_stale) {
            return;
        }
        this.isFreshening = true;
        try {
            await this.orm.silent.call(MODEL, "refresh", [this.connectionId]);
        } finally {
            this.isFreshening = false;
        }
        if (this.current === this.rows[0]) {
            // Nobody moved yet: the best suggestion comes first.
            this.currentKey = false;
        }
        await this.load();
    }

    show(page) {
        const index = this.rows.findIndex((row) => keyOf(row) === this.currentKey);
        this.page = page;
        this.connectionId = page.connection && page.connection.id;
        this.isLoaded = true;
        if (!this.current) {
            const row = this.rows[Math.min(Math.max(index, 0), this.rows.length - 1)];
            this.currentKey = row ? keyOf(row) : false;
        }
    }

    async change(values) {
        Object.assign(this.filter, values);
        this.choose([], false);
        await this.turn({offset: 0});
    }

    async open(connectionId) {
        this.connectionId = connectionId;
        this.undos = [];
        await this.change({score: false});
        await this.freshen();
    }

    async turn(values) {
        Object.assign(this, values);
        if (!this.isAbove) {
            this.choose([], false);
        }
        this.currentKey = false;
        await this.load();
    }

    // Moving and choosing

    goTo(row) {
        this.currentKey = keyOf(row);
    }

    /** The next row, or the one before; the ends are the ends. */
    move(step) {
        const at = this.rows.findIndex((row) => keyOf(row) === this.currentKey);
        const row = this.rows[Math.min(Math.max(at + step, 0), this.rows.length - 1)];
        if (row) {
            this.goTo(row);
        }
    }

    /** Show another suggestion of the same contact. */
    turnSuggestion(row, step) {
        const {length} = row.suggestions || [];
        if (length) {
            row.shown = ((row.shown || 0) + step + length) % length;
        }
    }

    toggle(row) {
        const key = keyOf(row);
        const chosen = new Set(this.chosen);
        if (!chosen.delete(key)) {
            chosen.add(key);
        }
        this.choose(chosen, false);
    }

    choose(keys, isAll) {
        this.chosen = new Set(keys);
        this.isAllChosen = isAll;
    }

    chooseShown() {
        this.choose(this.rows.map(keyOf), false);
    }

    // Deciding

    /**
     * Take these rows away, and have the server do what was decided.
     *
     * `ask` makes the call; it answers with the contacts that are `done`, those
     * `refused` with a sentence each, a `message` and what undoes it. `words` say what
     * was done, where the message is not better.
     *
     * Whether it was taken: where a run is at work, the rows come back and say so.
     */
    async decide(rows, ask, words) {
        this.takeAway(rows);
        this.pending += 1;
        try {
            await this.mutex.exec(async () => this.take(await ask(), words));
            return true;
        } catch (error) {
            if (error.exceptionName !== "odoo.exceptions.UserError") {
                throw error;
            }
            this.refuse(rows, error.data.message);
            return false;
        } finally {
            this.pending -= 1;
            if (!this.pending) {
                await this.load();
            }
        }
    }

    refuse(rows, sentence) {
        this.said = sentence;
        for (const row of rows) {
            this.problems[keyOf(row)] = sentence;
        }
    }

    /** When all that was decided is sent: nobody leaves before. */
    settled() {
        return this.mutex.getUnlockedDef();
    }

    take(answer, words) {
        const isRefused = (answer.refused || []).length > 0;
        this.said = (!isRefused && words) || answer.message || "";
        for (const [contactId, sentence] of answer.refused || []) {
            this.problems[contactId] = sentence;
        }
        for (const contactId of answer.done || []) {
            delete this.problems[contactId];
        }
        if (answer.undo) {
            this.undos.push(answer.undo);
        }
    }

    takeAway(rows) {
        const keys = new Set(rows.map(keyOf));
        const after = this.rows.findIndex((row) => keys.has(keyOf(row)));
        const left = this.rows.filter((row) => !keys.has(keyOf(row)));
        const isCurrentGone = keys.has(this.currentKey);
        this.page = {...this.page, rows: left, length: this.page.length - rows.length};
        this.chosen = new Set([...this.chosen].filter((key) => !keys.has(key)));
        if (isCurrentGone) {
            const next = left[Math.min(after, left.length - 1)];
            this.currentKey = next ? keyOf(next) : false;
        }
    }

    call(method, ...args) {
        return this.orm.call(MODEL, method, args);
    }

    accept(row) {
        const {id} = shown(row);
        return this.decide([row], () => this.call("accept", [id]));
    }

    never(row) {
        const {id} = shown(row);
        const words = _t("%s: never this one", row.contact.name);
        return this.decide([row], () => this.call("never", [id]), words);
    }

    /** Take back what was decided before. */
    again(row) {
        const method = BACK[this.page.filter.kind];
        const ids = [OF_CONTACTS.has(method) ? row.contact.id : shown(row).id];
        const words = _t("%s is to be decided again", row.contact.name);
        return this.decide([row], () => this.call(method, ids), words);
    }

    other(row, contactId, partnerId) {
        return this.decide([row], () => this.call("other", contactId, partnerId));
    }

    newCustomer(row) {
        const {id, name} = row.contact;
        const words = _t("%s comes as a new customer", name);
        return this.decide([row], () => this.call("new_customer", [id]), words);
    }

    acceptAbove() {
        const {connectionId, filter, chosen} = this;
        const excluded = [...chosen];
        return this.decide([], async () => {
            const answer = await this.call(
                "accept_above",
                connectionId,
                filter.score,
                excluded
            );
            this.choose([], false);
            filter.score = false;
            this.offset = 0;
            return answer;
        });
    }

    /** The same for all that are chosen, also for those on other pages. */
    async decideChosen(method = BACK[this.page.filter.kind]) {
        const rows = this.rows.filter((row) => this.chosen.has(keyOf(row)));
        const found = this.isAllChosen
            ? await this.call("select_all", this.connectionId, {...this.page.filter})
            : {
                  contacts: rows.map(keyOf),
                  matches: rows.filter((row) => shown(row)).map((row) => shown(row).id),
              };
        const isOfContacts = OF_CONTACTS.has(method);
        const ids = isOfContacts ? found.contacts : found.matches;
        const decided = isOfContacts ? rows : rows.filter((row) => shown(row));
        this.choose([], false);
        return ids.length && this.decide(decided, () => this.call(method, ids));
    }

    async undo() {
        const undo = this.undos.pop();
        if (undo) {
            const isTaken = await this.decide(
                [],
                () => this.call("undo", undo),
                _t("Undone")
            );
            if (!isTaken) {
                this.undos.push(undo);
            }
        }
    }

    async done(isWithout) {
        await this.call("done", this.connectionId, isWithout);
        await this.load();
    }
}

/** The suggestion of a row that is looked at. */
export function shown(row) {
    return row.suggestions && row.suggestions[row.shown || 0];
}
