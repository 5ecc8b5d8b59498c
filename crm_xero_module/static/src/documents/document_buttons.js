import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

/** What Xero has of a document beyond its figures, as buttons of its form. */
export class DocumentButtons extends Component {
    static template = "crm_xero_module.DocumentButtons";
    static props = {...standardWidgetProps};

    setup() {
        this.documents = useService("xero_documents");
    }

    get document() {
        return this.props.record.data;
    }

    get isInvoice() {
        return this.document.kind === "invoice";
    }

    get noOnline() {
        return _t("Xero makes an online invoice once the invoice is approved.");
    }

    showPdf() {
        return this.documents.showPdf(this.props.record.resId, this.document.number);
    }

    openOnline() {
        this.documents.openOnline(this.props.record.resId);
    }

    attachPdf() {
        return this.documents.attachPdf(this.props.record.resId);
    }
}

/** The way to the record's own page at Xero. */
export class OpenInXero extends Component {
    static template = "crm_xero_module.OpenInXero";
    static props = {...standardWidgetProps};

    get url() {
        return this.props.record.data.xero_url;
    }
}

/** The PDF of a row, a click away. */
export class PdfButton extends DocumentButtons {
    static template = "crm_xero_module.PdfButton";
}

const fieldDependencies = [
    {name: "has_online", type: "boolean"},
    {name: "has_pdf", type: "boolean"},
    {name: "kind", type: "selection"},
    {name: "number", type: "char"},
    {name: "partner_id", type: "many2one"},
    {name: "xero_url", type: "char"},
];
registry.category("view_widgets").add("xero_document_buttons", {
    component: DocumentButtons,
    fieldDependencies,
    additionalClasses: ["d-contents"],
});
registry.category("view_widgets").add("xero_open", {
    component: OpenInXero,
    fieldDependencies: [{name: "xero_url", type: "char"}],
});
registry.category("view_widgets").add("xero_pdf_button", {
    component: PdfButton,
    fieldDependencies: [
        {name: "has_pdf", type: "boolean"},
        {name: "number", type: "char"},
    ],
});
