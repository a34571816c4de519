"""The extract on paper: PDF/A-3 with the JSON extract attached, made by Typst; the QR code holds the log's checkpoint.

The paper itself proves nothing: the attached file does, and it is what `salyq verify-extract` checks.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Mapping
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from salyq.civil.messages import Message
from salyq.office.registry import book


def extract_pdf(document: Mapping[str, Any], lang: str) -> bytes:
    """The PDF of an extract in one language."""
    import segno
    import typst

    qr = io.BytesIO()
    segno.make(document["checkpoint"], error="m", encoding="utf-8").save(qr, kind="svg", scale=2, border=2)
    template = (files("salyq.office.registry") / "paper.typ").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="salyq-") as folder:
        work = Path(folder)
        (work / "paper.typ").write_text(template, encoding="utf-8")
        (work / "shown.json").write_text(json.dumps(_shown(document, lang), ensure_ascii=False), encoding="utf-8")
        (work / "extract.json").write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
        (work / "qr.svg").write_bytes(qr.getvalue())
        made: Any = typst.compile(str(work / "paper.typ"), root=str(work), format="pdf", pdf_standards=["a-3a"])
    return bytes(made)


def _shown(document: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Every word that the paper shows, in the language asked for."""
    spec, state = book.register(document["register"]), document["state"]
    day = date.fromisoformat(document["on"])

    def say(code: str) -> str:
        return Message(code).text(lang)

    rows = [
        [say("paper_number"), document["number"]],
        [say("paper_subject"), f"{state['subject']['name']} {state['subject']['id']}".strip()],
        [say("paper_status"), book.status_words(spec, state["status"]).text(lang)],
        *([book.words("field", n).text(lang), book.value_shown(spec, n, v, lang)] for n, v in state["fields"].items()),
        [say("paper_on"), day.strftime("%d.%m.%Y")],
        [say("paper_known"), datetime.fromisoformat(document["known"]).strftime("%d.%m.%Y %H:%M UTC")],
    ]
    entries = [_entry(row, lang) for row in document["entries"]]
    head: dict[str, Any] = {"lang": lang, "title": say("paper_extract"), "register": spec.title().text(lang)}
    made_up = say("paper_made_up") if document["made_up"] else ""
    keeper = "; ".join(book.words("office", o).text(lang) for o in spec.keepers_on(day))
    foot = {"entries_title": say("paper_entries"), "check": say("paper_check"), "verifier": document["verifier"]}
    known = datetime.fromisoformat(document["known"]).date()
    head["date"] = [known.year, known.month, known.day]
    return {**head, **foot, "keeper": keeper, "made_up": made_up, "rows": rows, "entries": entries}


def _entry(row: Mapping[str, Any], lang: str) -> list[str]:
    content = json.loads(row["body"])
    ground = ": ".join(str(content["ground"][k]) for k in ("act", "article") if content["ground"].get(k))
    day = date.fromisoformat(content["valid_from"]).strftime("%d.%m.%Y")
    return [str(row["position"]), book.words("event", content["event"]).text(lang), day, ground]
