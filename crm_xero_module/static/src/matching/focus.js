const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";

/** Bring a row into view, with the focus on it unless a person is busy elsewhere. */
export function takeFocus(el) {
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
