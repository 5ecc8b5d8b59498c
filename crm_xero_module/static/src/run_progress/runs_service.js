import {ConnectionLostError} from "@web/core/network/rpc";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {onMounted, onWillUnmount} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

const CHANNEL = "xero.runs";
const TURN = 3000;
// How often new runs are looked for where the websocket is down.
const WITHOUT_BUS = 15000;
const NOTICE = 10000;
const KINDS = {done: "success", cancelled: "warning", failed: "danger"};

/**
 * Tells the open screens how far runs are.
 *
 * The bus tells it by itself. Where it is silent for a turn while a screen shows a run
 * going on, the server is asked, which also lets the cron go on: idle, it may sleep
 * for a minute. Both say the same in the same form (`xero.sync.live`).
 */
export const runsService = {
    dependencies: ["action", "bus_service", "notification", "orm"],

    start(env, {action, bus_service: bus, notification, orm}) {
        const watchers = new Set();
        let timer = null;
        let heardAt = 0;
        let lookedAt = 0;
        let looking = false;

        function take(run) {
            for (const watcher of watchers) {
                watcher.take(run);
            }
        }

        async function look(known) {
            if (looking) {
                return;
            }
            looking = true;
            lookedAt = Date.now();
            try {
                const runs = await orm.silent.call("xero.sync", "get_live", [known]);
                runs.forEach(take);
            } catch (error) {
                // Odoo itself says that the connection is lost; the next turn tries again.
                if (!(error instanceof ConnectionLostError)) {
                    throw error;
                }
            } finally {
                looking = false;
            }
        }

        function turn() {
            const now = Date.now();
            const known = [...watchers].flatMap((watcher) => watcher.live());
            const isDeaf = bus.workerState !== "CONNECTED";
            if (known.length ? now - heardAt >= TURN : isDeaf && now - lookedAt >= WITHOUT_BUS) {
                look([...new Set(known)]);
            }
        }

        bus.subscribe("xero.run", (run) => {
            heardAt = Date.now();
            take(run);
        });

        bus.subscribe("xero.run_ended", ({id, name, state, message}) => {
            if ([...watchers].some((watcher) => watcher.isScreenOf(id))) {
                return;
            }
            const close = notification.add(message, {
                title: name,
                type: KINDS[state],
                sticky: state === "failed",
                autocloseDelay: NOTICE,
                buttons: [
                    {
                        name: _t("Open"),
                        onClick: () => {
                            close();
                            openRun(action, id);
                        },
                    },
                ],
            });
        });
        bus.start();

        return {
            look,
            /**
             * @param {Object} watcher
             * @param {Function} watcher.take is given each run that is told of
             * @param {Function} watcher.live the ids of the runs it shows going on
             * @param {Function} watcher.isScreenOf whether it is the screen of a run
             * @returns {Function} ends it
             */
            watch(watcher) {
                watchers.add(watcher);
                bus.addChannel(CHANNEL);
                timer ||= browser.setInterval(turn, TURN);
                return () => {
                    watchers.delete(watcher);
                    bus.deleteChannel(CHANNEL);
                    if (!watchers.size) {
                        browser.clearInterval(timer);
                        timer = null;
                    }
                };
            },
        };
    },
};

registry.category("services").add("xero_runs", runsService);

/** Watch runs as long as the component is on the screen: see `watch`. */
export function useRuns({take, live, isScreenOf = () => false}) {
    const runs = useService("xero_runs");
    let stop = null;
    onMounted(() => {
        stop = runs.watch({take, live, isScreenOf});
    });
    onWillUnmount(() => stop?.());
    return runs;
}

export function openRun(action, id) {
    return action.doAction({
        type: "ir.actions.act_window",
        res_model: "xero.sync",
        res_id: id,
        views: [[false, "form"]],
    });
}
