import {SelectMenu} from "@web/core/select_menu/select_menu";
import {_t} from "@web/core/l10n/translation";
import {useEffect} from "@odoo/owl";

/**
 * A menu of fields: found by their label or technical name, shown by their label
 * (`title`), and, where several are chosen, in the order in which they were.
 */
export class FieldMenu extends SelectMenu {
    setup() {
        super.setup();
        // All choices are here: there is nothing to wait for while somebody types.
        this.debouncedOnInput = (ev) => this.onType(ev.target.value);
        this.navigationOptions.onUpdated = (navigator) => {
            this.navigator = navigator;
        };
        const onKeydown = this.onKeydown.bind(this);
        useEffect(
            (input) => {
                input?.addEventListener("keydown", onKeydown);
                return () => input?.removeEventListener("keydown", onKeydown);
            },
            () => [this.inputRef.el]
        );
    }

    get displayValue() {
        return this.state.searchValue ?? this.selectedChoice?.title ?? "";
    }

    get multiSelectChoices() {
        return super.multiSelectChoices.map((tag, index) => ({
            ...tag,
            text: this.selectedChoice[index].title,
            title: index
                ? _t("%s · click to put it first", this.selectedChoice[index].tooltip)
                : this.selectedChoice[index].tooltip,
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

    onType(text) {
        this.state.searchValue = text;
        if (this.dropdownState.isOpen) {
            this.onInput(text);
        } else {
            this.dropdownState.open();
        }
    }

    async onBeforeOpen() {
        this.onInput(this.state.searchValue ?? "");
    }

    /** An open menu has the keys before the list around it, which would leave the
     * row: Enter and Tab choose, Escape closes. */
    onKeydown(ev) {
        const {isOpen} = this.dropdownState;
        const keys = isOpen
            ? {
                  ArrowDown: () => this.navigator.next(),
                  ArrowUp: () => this.navigator.previous(),
                  Enter: () => this.navigator.activeItem?.select(),
                  Escape: () => this.dropdownState.close(),
              }
            : {ArrowDown: () => this.dropdownState.open()};
        if (keys[ev.key]) {
            ev.preventDefault();
            ev.stopPropagation();
            keys[ev.key]();
        } else if (ev.key === "Tab" && isOpen) {
            if (this.state.searchValue) {
                this.navigator.activeItem?.select();
            }
            this.dropdownState.close();
        } else if (ev.key === "Backspace" && !ev.target.value) {
            this.dropLast();
        }
    }

    dropLast() {
        if (this.props.multiSelect && this.props.value.length) {
            this.props.onSelect(this.props.value.slice(0, -1));
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
