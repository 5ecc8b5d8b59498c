import {reactive} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {session} from "@web/session";

const FRESH = 60_000;

/**
 * Which connections need a person. Asked by administrators' browsers alone, when a
 * screen that shows it is opened, at most once a minute; and when the server says
 * that it changed.
 */
export const healthService = {
    dependencies: ["orm", "bus_service"],
    start(env, {orm, bus_service}) {
        const health = reactive({connections: 0, broken: []});
        let askedAt = 0;

        async function ask() {
            askedAt = Date.now();
            try {
                const answer = await orm.silent.call("xero.connection", "health_banner", []);
                Object.assign(health, answer);
            } catch {
                // The screen is there without it; the next one asks again.
                askedAt = 0;
            }
        }

        if (session.xero_administrator) {
            bus_service.subscribe("crm_xero_module/health", () => askedAt && ask());
        }
        return {
            health,
            look() {
                if (session.xero_administrator && Date.now() - askedAt > FRESH) {
                    ask();
                }
            },
        };
    },
};

registry.category("services").add("xero_health", healthService);
