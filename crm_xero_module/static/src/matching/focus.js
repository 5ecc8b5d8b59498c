import {useComponent, useEffect, useRef} from "@odoo/owl";

const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";

/** Keep the focus on a row's element ("root") while its row is the current one. */
export function useRowFocus() {
    const row = useComponent();
    const root = useRef("root");
    useEffect(
        (isCurrent, isChoosing) => {
            if (isCurrent && !isChoosing) {
                takeFocus(root.el);
            }
        },
        () => [row.props.isCurrent, row.props.isChoosing]
    );
}

/** Bring a row into view, with the focus on it unless a person is busy elsewhere. */
function takeFocus(el) {
    const {activeElement} = document;
    el.scrollIntoView({block: "nearest"});
    const isBusy =
        el.contains(activeElement) ||
        activeElement?.matches(TYPING) ||
        activeElement?.closest(".modal, .o-dropdown--menu");
    if (!isBusy) {
        el.focus({preventScroll: true});
    }
}
