import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {createFileViewer} from "@web/core/file_viewer/file_viewer_hook";
import {registry} from "@web/core/registry";

const VIEWER = "/web/static/lib/pdfjs/web/viewer.html?file=";
const NEW_TAB = "noopener,noreferrer";

const urlOf = (transactionId, document) => `/xero/transactions/${transactionId}/${document}`;

/**
 * What Xero has of an invoice beyond its figures, fetched when somebody asks for it:
 *
 *     this.documents = useService("xero_documents");
 *     await this.documents.showPdf(transaction.id, transaction.number);
 *     this.documents.openOnline(transaction.id);
 *     await this.documents.attachPdf(transaction.id);  // to its customer, or
 *     await this.documents.attachPdf(transaction.id, {resModel, resId});
 *
 * What goes wrong is told to the person, not thrown.
 */
export const xeroDocuments = {
    dependencies: ["action", "notification", "orm", "ui"],

    start(env, {action, notification, orm, ui}) {
        const viewer = createFileViewer();
        let shown = null;

        const waiting = async (work) => {
            ui.block({message: _t("Asking Xero…")});
            try {
                return await work();
            } finally {
                ui.unblock();
            }
        };

        /** The document as a blob; null where there is none, and why was told. */
        const fetchPdf = async (url) => {
            let told = _t("Odoo could not be reached. Try again.");
            try {
                const response = await browser.fetch(url, {
                    headers: {Accept: "application/pdf, text/plain"},
                });
                const kind = response.headers.get("Content-Type") || "";
                if (response.ok && kind.startsWith("application/pdf")) {
                    return await response.blob();
                }
                if (kind.startsWith("text/plain")) {
                    told = await response.text();
                }
            } catch (error) {
                if (!(error instanceof TypeError)) {
                    throw error;
                }
            }
            notification.add(told, {title: _t("No PDF"), type: "danger"});
            return null;
        };

        const showPdf = async (transactionId, number) => {
            const url = urlOf(transactionId, "pdf");
            const blob = await waiting(() => fetchPdf(url));
            if (!blob) {
                return;
            }
            if (shown) {
                URL.revokeObjectURL(shown);
            }
            shown = URL.createObjectURL(blob);
            viewer.open({
                name: number || _t("Invoice"),
                isViewable: true,
                isPdf: true,
                defaultSource: `${VIEWER}${encodeURIComponent(shown)}#pagemode=none`,
                downloadUrl: `${url}?download=1`,
            });
        };

        // Opened within the click, or browsers hold it for an unwanted window; the
        // page that it opens says why there is none.
        const openOnline = (transactionId) =>
            browser.open(urlOf(transactionId, "online"), "_blank", NEW_TAB);

        const attachPdf = async (transactionId, {resModel, resId} = {}) => {
            const target = resModel ? [resModel, resId] : [];
            const told = await waiting(() =>
                orm.call("xero.transaction", "action_attach_pdf", [
                    [transactionId],
                    ...target,
                ])
            );
            await action.doAction(told);
        };

        return {attachPdf, openOnline, showPdf};
    },
};

registry.category("services").add("xero_documents", xeroDocuments);
