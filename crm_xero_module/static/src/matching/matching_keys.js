import {localization} from "@web/core/l10n/localization";
import {shown} from "./matching_model";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";

const PRESSED_BY_ENTER = "button, a, input, [role=button]";

/**
 * The keys of the workbench, wherever the focus is but in a box that is typed into
 * or in a dialog. Enter and Space stay with a button that has the focus.
 */
export function useMatchingKeys(model, act) {
    const isFree = (target) => !target.closest?.(PRESSED_BY_ENTER);
    const isRow = () => Boolean(model.current);
    const isContact = () => Boolean(model.current && model.current.contact);
    const hasSuggestion = () => Boolean(model.current && shown(model.current));
    const isOpen = () => !model.isDecided;
    const on = (key, callback, isAvailable, options = {}) =>
        useHotkey(key, () => callback(model.current), {isAvailable, ...options});
    const turn = (step) => () =>
        model.turnSuggestion(
            model.current,
            localization.direction === "rtl" ? -step : step
        );
    on("arrowdown", () => model.move(1), isRow, {allowRepeat: true});
    on("arrowup", () => model.move(-1), isRow, {allowRepeat: true});
    on("home", () => model.move(-Infinity), isRow);
    on("end", () => model.move(Infinity), isRow);
    on("arrowright", turn(1), hasSuggestion);
    on("arrowleft", turn(-1), hasSuggestion);
    on("enter", act.accept, (target) =>
        isFree(target) && (hasSuggestion() || (isContact() && model.isDecided))
    );
    on("space", act.toggle, (target) => isFree(target) && isContact());
    on("n", act.never, () => hasSuggestion() && isOpen());
    on("o", act.choose, () => isRow() && isOpen());
    on("c", act.newCustomer, () => isContact() && isOpen());
    on("c", act.createInXero, () => isRow() && !isContact() && model.canCreate);
    on("z", act.undo, () => model.canUndo);
}
