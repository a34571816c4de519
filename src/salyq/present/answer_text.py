"""What `salyq answer` says: where the answer stands, whether it was applied, and how many questions are left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from salyq.present.as_json import Json
from salyq.present.page import Page
from salyq.present.words import Words

if TYPE_CHECKING:
    from salyq.app.api import Case, Question
    from salyq.dialogue.answering import Written


def answer_page(written: Written, left: Sequence[Question], lang: str) -> Page:
    """The answer's place; then what still does not fit, or how many questions are left."""
    say = Words(lang)
    page = Page(lang=lang)
    page.line(say("answer_written", places=", ".join(written.places)))
    wrong = _unfit(written, left)
    for q in wrong:
        page.line(say.of(q.message), style="error")
    if not wrong:
        page.line(say("answer_applied", count=len(left)))
    return page


def answer_json(case: Case, written: Written, left: Sequence[Question]) -> Json:
    """`state` of each answer written: used, unfit or replaced."""
    states = {str(a.answer.source): a.state for a in case.ledger.answers}
    return {
        "answers": [{"place": place, "state": states.get(place)} for place in written.places],
        "problems": [q.message.texts() for q in _unfit(written, left)],
        "questions_left": len(left),
    }


def _unfit(written: Written, left: Sequence[Question]) -> list[Question]:
    return [q for q in left if q.code == "answer_does_not_fit" and str(q.sources[0]) in written.places]
