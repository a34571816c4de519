"""The form of every JSON that commands print, as JSON Schema (draft 2020-12): what programs may rely on.

`salyq schema NAME` prints one. Amounts and quantities are text, exact; tenge with two decimals; days are ISO.
"""

from __future__ import annotations

from collections.abc import Mapping

from salyq.present.as_json import Json

DRAFT = "https://json-schema.org/draft/2020-12/schema"
LANGUAGES = ("kk", "ru", "en")
MAY = "_may"

TEXT: Json = {"type": "string"}
INTEGER: Json = {"type": "integer"}
FLAG: Json = {"type": "boolean"}
NOTHING: Json = {"type": "null"}
DAY: Json = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
AMOUNT: Json = {"type": "string", "pattern": "^-?[0-9]+([.][0-9]+)?$"}
HASH: Json = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
FINGERPRINT: Json = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}
CITE: Json = {"type": "string", "description": "act:article.paragraph.subparagraph; the acts: salyq law acts"}
BASES = ("statute", "official", "secondary", "reconstruction", "convention")


def _object(told: str = "", /, **must: Json) -> Json:
    """An object with these keys and no others; keys that end in `_may` (said without it) can be absent."""
    properties = {name.removesuffix(MAY): form for name, form in must.items()}
    found: Json = {"type": "object", "properties": properties, "required": [n for n in must if not n.endswith(MAY)]}
    found["additionalProperties"] = False
    return ({"description": told} if told else {}) | found


def _list(of: Json, told: str = "") -> Json:
    return ({"description": told} if told else {}) | {"type": "array", "items": of}


def _or_null(of: Json) -> Json:
    return {"anyOf": [of, NOTHING]}


def _one_of(*values: str) -> Json:
    return {"enum": list(values)}


def _map(of: Json, told: str = "") -> Json:
    return ({"description": told} if told else {}) | {"type": "object", "additionalProperties": of}


def _to(name: str) -> Json:
    return {"$ref": f"#/$defs/{name}"}


WORDS = _object("The same in Kazakh, Russian and English.", **dict.fromkeys(LANGUAGES, TEXT))
SAID = _object(code=TEXT, message=WORDS)
BOUNDS = _object("Ends of an unknown amount; null: no end is known.", low=_or_null(AMOUNT), high=_or_null(AMOUNT))
BASIS = _one_of(*BASES)
LAW = _object(fingerprint=FINGERPRINT, known=DAY)
NOTE: Mapping[str, Json] = {"note": _or_null(TEXT), "note_text": _or_null(WORDS)}
ROWS = _object("read = used + ignored + rejected", read=INTEGER, used=INTEGER, ignored=INTEGER, rejected=INTEGER)

FIGURE = _object(
    name=TEXT,
    period={"type": "string", "pattern": "^[0-9]{4}(-Q[1-4]|-H[12]|-[0-9]{2})?$"},
    value=_or_null(AMOUNT),
    unit=_one_of("KZT", "kWh"),
    status=_one_of("known", "unknown", "not_applicable"),
    basis=BASIS,
    cites=_list(CITE),
    label=WORDS,
    missing=_list(SAID),
    bounds=_or_null(BOUNDS),
    so_far=_or_null(AMOUNT),
    alternatives=_list(
        _object(
            "The figure under another choice; `years` where the choice is of other years.",
            election=TEXT,
            choice=TEXT,
            value=_or_null(AMOUNT),
            bounds_may=BOUNDS,
            years_may=_list(INTEGER),
        )
    ),
    **NOTE,
)
FILED = _object(state=TEXT, at=TEXT, form=TEXT, sha256=TEXT)
OBLIGATION = _object(
    name=TEXT,
    rule=TEXT,
    period=TEXT,
    due=_or_null(DAY),
    amount=_or_null(AMOUNT),
    cites=_list(CITE),
    basis=BASIS,
    status=_one_of("due", "cannot_be_told"),
    why=_or_null(SAID),
    **NOTE,
    filed_may=_or_null(FILED),
)
FINDING = _object(
    code=TEXT,
    severity=_one_of("error", "warning", "notice"),
    message=WORDS,
    cites=_list(CITE),
    records=_list(TEXT, "file:line"),
    amount=_or_null(TEXT),
)
VERDICT = _object(
    "Whether the year can be relied on; reasons in order of money, null where nobody can say.",
    state=_one_of("complete", "incomplete"),
    reasons=_list(_object(code=TEXT, message=WORDS, amount=_or_null(AMOUNT))),
)
INPUT = _object(
    file=_or_null(TEXT),
    sha256=HASH,
    reader=TEXT,
    first=_or_null(DAY),
    last=_or_null(DAY),
    rows=_or_null(INTEGER),
)
REFORM: Json = {
    "type": "object",
    "description": "Where --reform is given: the figures under it beside those of the law.",
}
ASSESSMENT = _object(
    salyq=TEXT,
    law=LAW,
    person=_object(id=_or_null(TEXT), kind=TEXT),
    year=INTEGER,
    figures=_list(_to("figure")),
    findings=_list(FINDING),
    obligations=_list(_to("obligation")),
    rows=ROWS,
    verdict=_to("verdict"),
    choices=_list(_object(election=TEXT, choice=TEXT, stated=FLAG)),
    inputs=_list(INPUT),
    run=_object(
        "How it was asked for; `salyq replay` asks again.",
        inputs=_list(TEXT),
        person=_or_null(TEXT),
        known=_or_null(DAY),
        settings=_map(TEXT),
        as_of=_or_null(DAY),
    ),
    reform_may=REFORM,
)
STEP = _object(
    "A step of an explanation; value null is unknown, `inputs` are the steps below it.",
    name=TEXT,
    value=_or_null(TEXT),
    unit=TEXT,
    cite=TEXT,
    basis=_one_of("", *BASES),
    how=TEXT,
    inputs=_list(_to("step")),
    label_may=WORDS,
    place_may=TEXT,
    detail_may=TEXT,
    by_may=TEXT,
    whose_may=TEXT,
)
CHECK = _object(
    year=INTEGER,
    clean=FLAG,
    verdict=_to("verdict"),
    points=_list(
        _object(
            name=TEXT,
            state=_one_of("clean", "open", "not_stated", "nothing"),
            title=WORDS,
            count=INTEGER,
            details=_list(SAID),
        )
    ),
)
QUESTION = _object(
    key=TEXT,
    code=TEXT,
    severity=_one_of("error", "warning", "notice"),
    message=WORDS,
    records=_list(TEXT, "file:line"),
    asset=_or_null(TEXT),
    quantity=_or_null(AMOUNT),
    income_at_stake=_or_null(AMOUNT),
    year=_or_null(INTEGER),
    tax=_or_null(_object(year=INTEGER, low=_or_null(AMOUNT), high=_or_null(AMOUNT))),
    answers=_list(
        _object(
            label=WORDS,
            command=_or_null(TEXT),
            act=_one_of("answer", "fetch", "fill", "teach", "rename", "advice"),
            rows=_list(_or_null(TEXT)),
            fields=_list(_object(name=TEXT, value=_or_null({"type": ["string", "boolean"]}), choices=_list(TEXT))),
        )
    ),
)
MATCH = _object(
    "A disposal × a purchase it used up; an empty text says that there is none.",
    **dict.fromkeys(("disposal", "lot", "asset", "quantity", "proceeds", "cost", "currency", "gain", "gain_kzt"), TEXT),
    **dict.fromkeys(("disposal_day", "lot_day", "method", "status"), TEXT),
)
RECORD = _object(
    **dict.fromkeys(("key", "time"), TEXT),
    day=DAY,
    **dict.fromkeys(("kind", "asset"), TEXT),
    quantity=AMOUNT,
    value=_or_null(AMOUNT),
    currency=_or_null(TEXT),
    fee=_or_null(AMOUNT),
    fee_asset=_or_null(TEXT),
    account=_or_null(TEXT),
    **dict.fromkeys(("counterparty", "group", "id", "note", "document", "lot", "hash"), _or_null(TEXT)),
    source=TEXT,
)
READ = _object(
    rows=ROWS,
    files=_list(
        _object(
            file=TEXT,
            reader=TEXT,
            sha256=HASH,
            event=FLAG,
            read=INTEGER,
            used=INTEGER,
            ignored=_map(INTEGER, "Rows by the rule that ignores them."),
            rejected=_list(
                _object(
                    line=_or_null(INTEGER),
                    column=_or_null(TEXT),
                    value=_or_null(TEXT),
                    code=TEXT,
                    message=WORDS,
                )
            ),
        )
    ),
    notices=_list(_object(place=_or_null(TEXT), code=TEXT, message=WORDS)),
    records=_list(RECORD),
)
DUTY = _object(
    due=_or_null(DAY),
    name=TEXT,
    period=TEXT,
    form=TEXT,
    amount=_or_null(AMOUNT),
    sure=FLAG,
    cites=_list(CITE),
    note=_or_null(WORDS),
)
MISSING_QUOTE = _object(
    table=_one_of("asset_values", "exchange_rates"),
    kind=TEXT,
    name=TEXT,
    first=DAY,
    last=DAY,
    year=INTEGER,
    records=_list(TEXT),
)
DIFFERENCE = _object(
    what=_one_of(*["version", "law", "person", "input", "choice", "figure", "obligation", "verdict", "text"]),
    name=TEXT,
    before=TEXT,
    after=TEXT,
)
SOURCE = _object(
    reader=TEXT,
    venue=TEXT,
    columns=_list(TEXT),
    optional=_list(TEXT),
    page=TEXT,
    tells=TEXT,
    yields=_list(TEXT),
)
_PART: Mapping[str, Json] = {"name": TEXT, "cites": _list(CITE), "basis": BASIS}
_TOLD: Mapping[str, Json] = {"label_may": WORDS, "why_may": _or_null(_to("step"))}
ANSWER = _object(
    act=TEXT,
    on=DAY,
    law=LAW,
    facts={"type": "object"},
    verdict=_one_of("lawful", "unlawful", "unknown", "not_regulated"),
    gate=_or_null(TEXT),
    authority=_or_null(TEXT),
    cites=_list(CITE),
    basis=_one_of("", *BASES),
    needs=_list(_object(**_PART, met=_or_null(FLAG), **_TOLD)),
    duties=_list(
        _object(**_PART, to=_or_null(TEXT), due_may=_or_null(TEXT), until_may=_or_null(TEXT), **_TOLD),
    ),
    amounts=_list(_object(**_PART, value=_or_null(TEXT), unit=TEXT, said_may=WORDS, **_TOLD)),
    findings=_list(_object(**_PART, text=WORDS, **_TOLD)),
    missing=_list(_object(fact=TEXT, question=WORDS, choices_may=_list(TEXT))),
    unsettled=_list(_object(name=TEXT, reason=WORDS, cites=_list(CITE))),
    why_may=_or_null(_to("step")),
    reform_may={"type": "object"},
)
RETURN = _object(
    form=TEXT,
    edition=TEXT,
    draft=FLAG,
    year=INTEGER,
    period=TEXT,
    person=TEXT,
    salyq=TEXT,
    law=FINGERPRINT,
    due=_or_null(DAY),
    annexes=_list(TEXT),
    lines=_map(TEXT, "Line of the form: its text as the form writes it."),
    rows=_map(_list(_map(TEXT))),
    by_hand=_list(_object(line=TEXT, why=WORDS)),
    choices=_map(_list(_object(election=TEXT, choice=TEXT, value=_or_null(TEXT)))),
    checks=_list(_object(annex=TEXT, rule=TEXT, why=WORDS)),
    notes=_list(WORDS),
    **{"from": _map(TEXT, "Line of the form: the figure that it comes from.")},
)

DEFS: Mapping[str, Json] = {"figure": FIGURE, "obligation": OBLIGATION, "verdict": VERDICT, "step": STEP}
# Name of a schema: what prints such JSON, and the form.
SCHEMAS: Mapping[str, tuple[str, Json]] = {
    "assess": ("salyq assess --format json (several years: a list of these); assessment.json of --out", ASSESSMENT),
    "obligations": ("obligations of salyq assess", _list(_to("obligation"))),
    "figures": ("salyq explain without --figure", _object(figures=_list(_to("figure")))),
    "explain": ("salyq explain --figure", _to("step")),
    "check": ("salyq check", CHECK),
    "questions": ("salyq questions; questions.json of assess --out", _object(questions=_list(QUESTION))),
    "matches": (
        "salyq matches",
        _object(year=INTEGER, matches=_list(MATCH), keys=_list(_object(disposal=TEXT, lot=TEXT))),
    ),
    "holdings": (
        "salyq holdings",
        _object(on=DAY, holdings=_list(_object(account=TEXT, asset=TEXT, quantity=AMOUNT))),
    ),
    "read": ("salyq read", READ),
    "replay": ("salyq replay", _object(same=FLAG, differences=_list(DIFFERENCE))),
    "calendar": ("salyq calendar", _list(DUTY)),
    "prices-missing": ("salyq prices missing", _object(missing=_list(MISSING_QUOTE))),
    "sources": ("salyq sources list", _object(sources=_list(SOURCE))),
    "ask": ("salyq ask", ANSWER),
    "return": ("FORM.lines.json of salyq forms fill", RETURN),
}


def schema(name: str) -> Json:
    """One schema, whole in itself. KeyError where there is no such name."""
    told, form = SCHEMAS[name]
    used: dict[str, Json] = {}
    waiting = _named(form)
    while waiting:
        one = waiting.pop()
        if one not in used:
            used[one] = DEFS[one]
            waiting += _named(DEFS[one])
    head: Json = {"$schema": DRAFT, "$id": f"urn:salyq:schema:{name}", "title": told}
    return {**head, **form, **({"$defs": {n: used[n] for n in DEFS if n in used}} if used else {})}


def _named(form: object) -> list[str]:
    """The definitions that a form points to."""
    if isinstance(form, dict):
        here = [str(form["$ref"]).rpartition("/")[2]] if "$ref" in form else []
        return here + [n for x in form.values() for n in _named(x)]
    return [n for x in form for n in _named(x)] if isinstance(form, list) else []
