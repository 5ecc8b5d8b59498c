import {onWillStart} from "@odoo/owl";
import {user} from "@web/core/user";
import {useRecordObserver} from "@web/model/relational_model/utils";

/**
 * Read what Xero says of a form's record: at first, and again once it was saved, as
 * it may then no longer be as Xero has it. Sets `isOperator` of the component.
 */
export function useSavedRecord(component, read) {
    let shownId = null;
    let wasDirty = false;
    onWillStart(async () => {
        component.isOperator = await user.hasGroup(
            "crm_xero_module.group_xero_operator"
        );
    });
    useRecordObserver(async ({resId, dirty}) => {
        const isOther = resId !== shownId || (wasDirty && !dirty);
        shownId = resId;
        wasDirty = dirty;
        if (isOther) {
            await read(resId);
        }
    });
}
