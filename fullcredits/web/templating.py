"""Templates: everything escaped, and a name that does not exist is an error, not a blank."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.compiler import CodeGenerator
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from fullcredits.pages import addresses
from fullcredits.pages.decisions import Entry
from fullcredits.store import Store
from fullcredits.web import remembered, visits
from fullcredits.web.blurs import with_blurs
from fullcredits.web.forms import Form

_STATIC = Path(__file__).with_name("static")
_LONGEST = 2_000
"""Characters of one text on a page. No name is as long; long texts come by paragraphs."""
_to_escape = re.compile("[&<>'\"]").search
_COMMAND = re.compile(r"`([^`<>]*)`")


SCRIPTS = b"\n".join(
    (_STATIC / name).read_bytes() for name in ("vendor/htmx.min.js", "fullcredits.js")
)
"""All scripts as one file: a page is shown after three requests, and pictures."""


def _static(name: str, content: bytes | None = None) -> str:
    """The path of a static file, with its digest: it may be kept forever."""
    read = (_STATIC / name).read_bytes() if content is None else content
    return f"/static/{name}?{hashlib.sha256(read).hexdigest()[:12]}"


def _sentence(text: str) -> Markup:
    """An error or remark as a sentence of its own, with the commands in it as such."""
    first, _, rest = text.partition(" ")
    begun = f"{first.capitalize()} {rest}" if first.isalpha() and first.islower() else text
    return Markup(_COMMAND.sub(r"<code>\1</code>", str(escape(begun.rstrip()))))  # noqa: S704


def _bound(text: str) -> str:
    """Several characters as one text that has no line beginning with what parts two of them."""
    return text.replace(" / ", "\N{NO-BREAK SPACE}/ ")


def _put_out(value: object) -> str:
    """What a template puts out, escaped. Texts of any length, as servers may send them, are cut.

    Addresses are not, they would lead elsewhere.
    """
    if type(value) is str:
        if len(value) > _LONGEST and not value.startswith(("/", "http")):
            value = f"{value[:_LONGEST]}…"
        if _to_escape(value) is None:
            return value
    return str(escape(value))


class _Compiler(CodeGenerator):
    """Lets `_put_out` do all: Jinja makes an object of each text that it has escaped, which takes
    longer than anything else that is done for it.
    """

    def _output_child_pre(self, *_: Any) -> None:
        self.write("environment.finalize(")

    def _output_child_post(self, *_: Any) -> None:
        self.write(")")


class _Environment(Environment):
    code_generator_class = _Compiler


_environment = _Environment(
    loader=PackageLoader("fullcredits.web"),
    autoescape=True,
    undefined=StrictUndefined,
    # They do not change while the program runs: no look at their files for each page.
    auto_reload=False,
    finalize=_put_out,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.globals.update(
    at=addresses.at,
    visit=visits.current,
    looks=remembered.current,
    origin=remembered.origin,
    stylesheet=_static("fullcredits.css"),
    scripts=_static("scripts.js", SCRIPTS),
    icon=_static("icon.svg"),
    touch_icon=_static("icon.png"),
)
_environment.filters["sentence"] = _sentence
_environment.filters["bound"] = _bound
_EMPTY = Form()


def part(template: str, page: Any) -> str:
    """A part of a page, to be put in its place by a script."""
    return _environment.get_template(template).render(page=page, form=_EMPTY)


def html(
    template: str,
    page: Any,
    *,
    form: Form = _EMPTY,
    status: int = 200,
    store: Store | None = None,
    against: Sequence[Entry] = (),
) -> HTMLResponse:
    """A page through its template, which knows it as `page`, what was typed as `form`, and the
    decisions `against` which that is.

    Pictures have their blurs where the `store` is given.
    """
    text = _environment.get_template(template).render(page=page, form=form, against=against)
    return HTMLResponse(with_blurs(text, store), status)
