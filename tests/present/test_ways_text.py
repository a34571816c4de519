"""Ways to answer are data; the command line makes the command from it, and it is one that works."""

from __future__ import annotations

import ast
import shlex
from pathlib import Path

import pytest
from tests.parsed import nodes, tree_of

import salyq
from salyq.app.api import questions, read_case
from salyq.assessing.standing import ASKED
from salyq.civil.messages import Message
from salyq.cli.main import main
from salyq.present.ways_text import command, way_json
from salyq.reconcile.model import ADVICE, ANSWER, FETCH, FILL, Field, Way

SRC = Path(salyq.__file__).parent
BELOW_THE_FACES = ("app", "assessing", "dialogue", "facts", "lots", "prices", "reconcile", "records", "sources")
PERSON = 'id = "900101300017"\nkind = "individual"\nresident = true\n'
ROWS = (
    "time,kind,asset,quantity,value,currency,account\n"
    "2025-02-03T10:00:00+05:00,transfer_in,BTC,1,,,the wallet\n"
    "2025-03-03T10:00:00+05:00,transfer_out,BTC,0.5,,,the wallet\n"
)


@pytest.fixture
def case(tmp_path: Path) -> salyq.Case:
    folder = tmp_path / "my case"
    folder.mkdir()
    (folder / "person.toml").write_text(PERSON, encoding="utf-8")
    (folder / "a b.csv").write_text(ROWS, encoding="utf-8")
    return read_case(folder)


def test_a_question_has_a_way_to_answer_and_the_verdict_leads_to_it() -> None:
    """A new question is known in three rooms and on a page: where it is asked, `dialogue/ways.py`, `ASKED` of
    `assessing`; docs/questions.md."""
    ways = (SRC / "dialogue" / "ways.py").read_text(encoding="utf-8")
    codes = {
        call.args[0].value
        for path in SRC.rglob("*.py")
        if not path.is_relative_to(SRC / "office")
        for call in nodes(tree_of(path), ast.Call)
        if isinstance(call.func, ast.Name) and call.func.id == "Question"
        if call.args and isinstance(call.args[0], ast.Constant)
    } - {"books_differ"}  # a defect of ours, which nobody can answer
    assert len(codes) >= 10
    assert {c for c in codes if f'"{c}"' not in ways} == set()
    assert codes - ASKED == set()
    page = (Path(__file__).parents[2] / "docs" / "questions.md").read_text(encoding="utf-8")
    assert {c for c in ASKED if f"`{c}`" not in page} == set()


def test_commands_say_what_the_data_says(case: salyq.Case) -> None:
    folder = shlex.quote(case.name)
    words = Message("way_fill", {"file": "missing-XYZ.csv"})
    fields = (Field("kind", choices=("lost", "spend")), Field("cost"), Field("quantity", "0.5"), Field("own", True))
    assert (
        command(Way(words, ANSWER, ("a b.csv:2", None), fields), "half_swap", case)
        == f"salyq answer {folder} half_swap 'a b.csv:2' OTHER_ROW --kind KIND --cost AMOUNT --quantity 0.5 --own"
    )
    assert command(Way(words, FILL), "missing_quotes", case) == f"salyq prices missing {folder} --to missing-XYZ.csv"
    days = (Field("from", "2025-01-01"), Field("until", "2025-01-09"), Field("currency", "USD"))
    assert command(Way(words, FETCH, (), days), "missing_quotes", case) == (
        "salyq prices fetch --from 2025-01-01 --until 2025-01-09 --currency USD"
        f" --to {shlex.quote(case.name + '/prices/USD-2025-01-01-2025-01-09.csv')}"
    )
    assert command(Way(words, ADVICE), "row_rejected", case) == ""


def test_every_way_without_blanks_works_as_typed(case: salyq.Case, capsys: pytest.CaptureFixture[str]) -> None:
    asked = {q.code: q for q in questions(case)}
    tried = 0
    for code in ("unmatched_transfer_in", "unmatched_transfer_out"):
        for way in asked[code].ways:
            blank = None in way.rows or any(f.value is None for f in way.fields)
            if way.act == ANSWER and not blank:
                typed = shlex.split(command(way, code, case))
                assert main(typed[1:]) == 0, typed
                (Path(case.name) / "answers.toml").unlink()
                tried += 1
    assert tried >= 3
    capsys.readouterr()


def test_the_json_has_the_data_beside_the_words(case: salyq.Case) -> None:
    asked = {q.code: q for q in questions(case)}["unmatched_transfer_in"]
    told = way_json(asked.ways[1], asked.code, case)
    assert told["act"] == "answer"
    assert told["rows"] == ["a b.csv:2"]
    assert told["fields"] == [
        {
            "name": "kind",
            "value": None,
            "choices": ["gift_in", "inherited", "mined", "staked", "airdrop", "interest"],
        }
    ]


def commands(tree: ast.Module) -> list[str]:
    docs = {id(n.body[0].value) for n in ast.walk(tree) if hasattr(n, "body") and _documented(n)}
    texts = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return [n.value for n in texts if id(n) not in docs and n.value.startswith("salyq ") and "--" in n.value]


def _documented(node: ast.AST) -> bool:
    body = getattr(node, "body", None)
    return isinstance(body, list) and bool(body) and isinstance(body[0], ast.Expr)


@pytest.mark.parametrize("room", BELOW_THE_FACES)
def test_no_room_below_the_faces_writes_a_command_line(room: str) -> None:
    found = {p.name: commands(ast.parse(p.read_text(encoding="utf-8"))) for p in (SRC / room).rglob("*.py")}
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_a_command_line_would_be_seen() -> None:
    assert commands(ast.parse('"""salyq a --b"""\nx = f"salyq answer {y} --own"\nz = "salyq answer --own"')) == [
        "salyq answer --own"
    ]
