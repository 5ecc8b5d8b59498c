"""A small PDF of one page: enough for a viewer to show and for a test to read.

Source: ISO 32000-1, 7.5 (file structure), 9.4 (text); text is WinAnsi, whatever that
has no letter for is a question mark.
"""

from collections.abc import Sequence

_A4 = "0 0 595 842"
_LEADING = 15


def one_page(lines: Sequence[str]) -> bytes:
    """The lines below each other, from the top of an A4 page."""
    content = _content(lines)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [{_A4}] /Contents 5 0 R "
        "/Resources << /Font << /F1 4 0 R >> >> >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica "
        b"/Encoding /WinAnsiEncoding >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    return _file(objects)


def _content(lines: Sequence[str]) -> bytes:
    shown = [f"BT /F1 10 Tf {_LEADING} TL 50 790 Td".encode()]
    shown += [b"(%s) Tj T*" % _escaped(line) for line in lines]
    return b"\n".join([*shown, b"ET"])


def _escaped(line: str) -> bytes:
    text = line.encode("cp1252", "replace")
    for special in (b"\\", b"(", b")"):
        text = text.replace(special, b"\\" + special)
    return text


def _file(objects: Sequence[bytes]) -> bytes:
    """The objects, numbered from 1, and the table of where each begins."""
    written, starts = b"%PDF-1.4\n", []
    for number, held in enumerate(objects, 1):
        starts.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, held)
    rows = b"".join(b"%010d 00000 n \n" % start for start in starts)
    size = len(objects) + 1
    return written + (
        b"xref\n0 %d\n0000000000 65535 f \n%s"
        b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, rows, size, len(written))
    )
