import {Component, xml} from "@odoo/owl";

/** How much of a run is done, as a bar. */
export class RunBar extends Component {
    static template = xml`
        <div
            class="progress o_xero_progress_bar"
            role="progressbar"
            aria-valuemin="0"
            aria-valuemax="100"
            t-att-aria-valuenow="props.run.progress"
        >
            <div
                class="progress-bar"
                t-att-class="{
                    'progress-bar-striped progress-bar-animated': props.run.state === 'running',
                    'bg-warning': props.run.state === 'waiting',
                }"
                t-attf-style="width: {{props.run.progress}}%"
            />
        </div>`;
    static props = {run: Object};
}
