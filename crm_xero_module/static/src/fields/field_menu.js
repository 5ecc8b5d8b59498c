import {SelectMenu} from "@web/core/select_menu/select_menu";

/**
 * A menu of fields: found by their label or technical name, shown by their label
 * (`title`), and, where several are chosen, in the order in which they were.
 */
export class FieldMenu extends SelectMenu {
    get displayValue() {
        return this.state.searchValue ?? this.selectedChoice?.title ?? "";
    }

    get multiSelectChoices() {
        return super.multiSelectChoices.map((tag, index) => ({
            ...tag,
            text: this.selectedChoice[index].title,
            title: this.selectedChoice[index].tooltip,
            onClick: () => this.putFirst(tag.id),
        }));
    }

    getSelectedChoice(props) {
        const chosen = super.getSelectedChoice(props);
        return props.multiSelect
            ? props.value.map((value) => chosen.find((c) => c.value === value))
            : chosen;
    }

    onItemSelected(value) {
        super.onItemSelected(value);
        if (this.inputRef.el) {
            this.inputRef.el.value = this.displayValue;
        }
    }

    putFirst(value) {
        const others = this.props.value.filter((other) => other !== value);
        this.props.onSelect([value, ...others]);
    }
}

/**
 * What a profile offers for a mapping line, as choices of a `FieldMenu`; chosen
 * names that are not offered (any more) are kept, to be seen and taken out.
 *
 * @param {Object} line the mapping line's record
 * @param {"targets"|"sources"} side
 * @param {String[]} chosen
 * @returns {Object[]}
 */
export function fieldChoices(line, side, chosen) {
    const offered = line._parentRecord.data.field_choices?.[side] || [];
    const known = new Set(offered.map(({name}) => name));
    const lost = chosen.filter((name) => !known.has(name));
    return [...offered, ...lost.map((name) => ({name, label: name}))].map((field) => ({
        ...field,
        value: field.name,
        label: `${field.label} ${field.name}`,
        title: field.label,
        tooltip: [field.name, field.type, field.hint].filter(Boolean).join(" · "),
    }));
}
