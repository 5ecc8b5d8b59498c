import {Component, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";

const USUAL_SCORE = 90;

/**
 * What can be done with many at once: with those chosen, or with all whose
 * suggestion is as good as a person asks; these are counted and shown first.
 */
export class ChosenBar extends Component {
    static template = "crm_xero_module.ChosenBar";
    static props = {model: Object};

    setup() {
        this.state = useState({score: USUAL_SCORE});
    }

    get model() {
        return this.props.model;
    }

    get count() {
        const {chosen, isAllChosen, page} = this.model;
        return isAllChosen ? page.length : chosen.size;
    }

    get chosenWords() {
        return _t("%s chosen", formatInteger(this.count));
    }

    get allWords() {
        return _t("Choose all %s", formatInteger(this.model.page.length));
    }

    get canChooseAll() {
        const {chosen, isAllChosen, page, rows} = this.model;
        return !isAllChosen && chosen.size === rows.length && page.length > rows.length;
    }

    get aboveCount() {
        return this.model.page.length - this.model.chosen.size;
    }

    get aboveWords() {
        const {filter} = this.model.page;
        return this.aboveCount === 1
            ? _t("1 suggestion of %s % or more", filter.score)
            : _t("%(count)s suggestions of %(score)s % or more", {
                  count: formatInteger(this.aboveCount),
                  score: filter.score,
              });
    }

    get unclearWords() {
        const {unclear} = this.model.page;
        return unclear === 1
            ? _t("1 more is as likely somebody else, and stays.")
            : _t(
                  "%s more are as likely somebody else, and stay.",
                  formatInteger(unclear)
              );
    }

    get acceptWords() {
        return _t("Accept %s", formatInteger(this.aboveCount));
    }

    onScore(ev) {
        const score = Number.parseInt(ev.target.value, 10);
        this.state.score = Math.min(Math.max(score || USUAL_SCORE, 50), 100);
        ev.target.value = this.state.score;
    }

    lookThrough() {
        return this.model.change({score: this.state.score, kind: "all"});
    }
}
