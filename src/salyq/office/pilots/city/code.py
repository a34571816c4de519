"""The code of an invoice (QR), by segno: as SVG for a page or a file, as blocks for a terminal."""

from __future__ import annotations

import io

import segno


def svg(text: str, *, scale: int = 5) -> str:
    """An SVG without a declaration, to stand in a page; dark on light, with its quiet zone."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", scale=scale, border=4, xmldecl=False, svgclass="qr", lineclass=None, light="white"
    )
    return out.getvalue().decode()


def blocks(text: str) -> str:
    """The code in block letters, for a terminal."""
    out = io.StringIO()
    segno.make(text, error="m", micro=False).terminal(out, compact=True, border=2)
    return out.getvalue()
