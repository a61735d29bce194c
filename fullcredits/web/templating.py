"""Templates: everything escaped, and a name that does not exist is an error, not a blank."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

_STATIC = Path(__file__).with_name("static")


def _static(name: str) -> str:
    """The address of a static file, with its digest: it may be kept forever."""
    digest = hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?{digest}"


_environment = Environment(
    loader=PackageLoader("fullcredits.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals.update(
    stylesheet=_static("fullcredits.css"),
    script=_static("fullcredits.js"),
    icon=_static("icon.svg"),
)


def html(template: str, page: Any, *, status: int = 200) -> HTMLResponse:
    """A page through its template, which knows it as `page`."""
    return HTMLResponse(_environment.get_template(template).render(page=page), status)
