"""A report as one HTML file: no script, no other file, nothing fetched; it reads, folds and prints by itself."""

from __future__ import annotations

from importlib.resources import files

from salyq.civil.errors import UsageError
from salyq.civil.messages import Message
from salyq.report.blocks import Document


def report_html(document: Document) -> str:
    """The file's text; the same document gives the same text. UsageError where Jinja2 is not installed."""
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
        from markupsafe import Markup
    except ImportError:
        raise UsageError(Message("report_needs_package", {"package": "jinja2"})) from None
    made = Environment(
        loader=PackageLoader("salyq.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["ours"] = Markup  # our own drawings and style sheet, in which every text is escaped
    style = (files("salyq.report") / "report.css").read_text(encoding="utf-8")
    text: str = made.get_template("report.html").render(d=document, style=style)
    return text
