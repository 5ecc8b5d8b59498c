# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a preview tells, and that it does nothing else."""


from .common import XeroCase, contact, phone


class PreviewCase(XeroCase):
    """Previews, and runs that do them, without a cron."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sync_run._finish("done")

    def work_off(self, run, batches=1000):
        """Let a run go on as the worker does."""
        while run.is_open and batches:
            run._work().run_whole_batch()
            self.env.flush_all()
            self.env.invalidate_all()
            batches -= 1
        return run

    def start_preview(self, profile=None):
        action = (profile or self.companies).action_preview()
        return self.env["xero.sync"].sudo().browse(action["res_id"])

    def preview(self, profile=None):
        return self.work_off(self.start_preview(profile))

    def do(self, preview):
        action = preview.with_env(self.env).action_do_preview()
        return self.work_off(self.env["xero.sync"].sudo().browse(action["res_id"]))

    def told(self, run):
        """{record: outcome} of a run's lines."""
        return {line.record_name: line.outcome for line in run.line_ids}


class TestPreview(PreviewCase):
    def test_new(self):
        self.land(contact(1, Phones=[phone()]), contact(2, ""))
        preview = self.preview()
        self.assertEqual(preview.state, "done")
        self.assertEqual(
            self.told(preview),
            {"Company 1": "create", contact(2)["ContactID"]: "skipped"},
        )
        run = self.do(preview)
        print(
            preview.line_ids.read(["record_name", "changes", "changes_text", "reason"])
        )
        self.assertEqual(run.created_count, 1)
        self.assertTrue(self.partner(1))
