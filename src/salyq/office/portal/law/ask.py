"""What law says of an act: the list, the questions of one act as a form, the answer with its reasons."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from salyq.app.asking import Answer, act_as_json, act_names, acts_of_law, ask_act, words
from salyq.civil.days import kz_day
from salyq.civil.errors import SalyqError
from salyq.office.portal.pieces import page_html, tree_html
from salyq.office.portal.public.asked import day_of
from salyq.office.portal.statuses import status_of
from salyq.office.portal.visit import Visit
from salyq.present.ask_text import answer_page
from salyq.present.explain_text import why_page
from salyq.present.words import Words

LONGEST = 200


def every(visit: Visit) -> Response:
    acts = [(name, title[visit.lang]) for name, title in act_names().items()]
    return visit.render("ask_list.html", acts=acts)


def one(visit: Visit) -> Response:
    """The form; with facts in the query, the answer above it (an address that can be kept and sent)."""
    name = visit.path["act"]
    if name not in act_names():
        raise HTTPException(404)
    act = act_as_json(name)
    facts = {f["name"]: visit.query.get(f["name"], "").strip()[:LONGEST] for f in act["facts"]}
    given = {k: v for k, v in facts.items() if v}
    answer, wrong = None, None
    today = kz_day(visit.site.web.clock.now())  # law is readable without the database
    on = visit.query.get("on", "")
    if given or on:
        try:
            day = day_of("on", on) or (None if any(d in given for d in act["dated_by"]) else today)
            answer = ask_act(name, given, day)
        except SalyqError as error:
            wrong = error
    return visit.render(
        "ask.html",
        status_of(wrong),
        act=act,
        facts=facts,
        on=on or today.isoformat(),
        answer=None if answer is None else _shown(visit, answer, act),
        wrong=wrong,
    )


def _shown(visit: Visit, answer: Answer, act: dict[str, object]) -> dict[str, object]:
    body = answer.as_json(explain=False)
    parts = [*answer.needs, *answer.duties, *answer.amounts, *answer.findings]
    acts = acts_of_law(answer)
    say = Words(visit.lang)
    missing = [(m["fact"], say.label(m["question"], m["fact"])) for m in body["missing"]]
    body["missing"] = []  # the form below asks for them
    page = answer_page(body, act["title"], visit.lang, words(), acts)  # type: ignore[arg-type]
    why = [
        (say.label(p.label, p.name), tree_html(why_page(p.why, visit.lang, acts=acts, listed=False)))
        for p in parts
        if p.why is not None
    ]
    title = page.parts[0].text  # type: ignore[union-attr]
    return {"title": title, "html": page_html(page), "why": why, "missing": missing, "say": say}
