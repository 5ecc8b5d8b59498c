"""The simulator's HTML pages."""

from pathlib import Path

import jinja2
from werkzeug.wrappers import Response

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(name: str, status: int = 200, **values: object) -> Response:
    """Render one of the templates beside this file."""
    html = _TEMPLATES.get_template(name).render(values)
    response = Response(html, status, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Frame-Options"] = "DENY"
    return response
