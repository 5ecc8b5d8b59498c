import {ListController} from "@web/views/list/list_controller";
import {isLive} from "./run_words";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";
import {useDebounced} from "@web/core/utils/timing";
import {useRuns} from "./runs_service";

const READ_AFTER = 500;

/** The list of runs, which shows how far they are while it is looked at. */
export class RunsListController extends ListController {
    setup() {
        super.setup();
        this.readAgain = useDebounced(() => this.model.root.load(), READ_AFTER);
        useRuns({
            take: (run) => this.take(run),
            live: () =>
                this.rows.filter((row) => isLive(row.data)).map((row) => row.resId),
        });
    }

    /** The runs of the list; those of an empty one are only examples. */
    get rows() {
        if (this.model.useSampleModel) {
            return [];
        }
        const {groups, records} = this.model.root;
        return groups ? groups.flatMap(({list}) => list.records || []) : records;
    }

    /** Progress changes its row alone; what begins or ends changes the list. */
    take(run) {
        const row = this.rows.find(({resId}) => resId === run.id);
        if (row && row.data.state === run.state) {
            row.data.live = run;
        } else if (row || isLive(run)) {
            this.readAgain();
        }
    }
}

registry.category("views").add("xero_runs_list", {
    ...listView,
    Controller: RunsListController,
});
