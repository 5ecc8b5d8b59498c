import {registry} from "@web/core/registry";

// A step is waited for that long (milliseconds) before it counts as failed: the
// machine may be busy with other tests. Who need not wait does not.
const PATIENCE = 60000;

/** Register a tour whose steps have the time that a busy machine needs. */
export function addTour(name, tour) {
    const steps = () => tour.steps().map((step) => ({timeout: PATIENCE, ...step}));
    registry.category("web_tour.tours").add(name, {...tour, steps});
}

/**
 * What a step runs to tell the tests that what is to end soon was seen going on: see
 * `is_seen`.
 */
export function seen() {
    document.cookie = "xero_seen=1; path=/";
}
