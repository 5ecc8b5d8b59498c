# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
class ConnectorError(Exception):
    """The connector refused a call, or could not be asked.

    `code` is stable and what programs look at; `detail` is the connector's own
    sentence; `status` the HTTP status, None where there was no answer; `extra`
    the further members of the problem document (RFC 9457, section 3.2);
    `correlation` what the call is found by in the connector's logs, if there was one.
    """

    correlation = None

    def __init__(self, code, status=None, detail=None, extra=None):
        super().__init__(f"{code} ({status})" if status else code)
        self.code = code
        self.status = status
        self.detail = detail
        self.extra = extra or {}


class PartUnreadable(Exception):
    """A part of the feed is not what it should be: `code` says in which way."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code
