"""Reforms: what they say counts in their span and nowhere else, law itself never changes, a bad file is one line."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import salyq
from salyq.app import api
from salyq.app.asking import ask_act
from salyq.app.reforms import answers_compared, assess_reformed, compared
from salyq.civil.errors import InputError
from salyq.law import shipped
from salyq.law.reforms import read, read_text, reformed, reformed_graph
from salyq.rulebook import graph as graph_module
from salyq.rulebook.graph import Graph
from salyq.rulebook.node import LawError, Node, lift
from salyq.rulebook.written import Written

EXAMPLE = Path("examples/reforms/one-rate.toml")
TRANSFER = {
    "asset_kind": "unsecured",
    "amount_kzt": "5500000",
    "provider": "exchange_operator",
    "at": "2026-06-15T10:00",
}


def value(name: str, is_: str, more: str = "") -> str:
    return f'title = "x"\n[[value]]\nname = "{name}"\nis = {is_}\n{more}\n'


def rule(name: str, is_: str, more: str = "") -> str:
    return f"title = \"x\"\n[[rule]]\nname = \"{name}\"\nis = '''{is_}'''\n{more}\n"


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph(shipped())


@pytest.fixture(scope="module")
def miner():
    return api.read_case("examples/temir-mining")


def test_the_example_as_the_page_works_it_out_by_hand(miner) -> None:
    before = salyq.assess(miner, year=2026)
    after = salyq.assess(miner, year=2026, reform=read(EXAMPLE))
    rows = {(r.name, r.period): r for r in compared(before, after)}
    first = rows["mining_fee.due", "2026-Q1"]
    assert (str(first.baseline.value), str(first.reform.value), str(first.difference)) == (
        "10601383.00",
        "9541244.70",
        "-1060138.30",
    )
    assert [k[1] for k, r in rows.items() if not r.same] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    assert after["mining_fee.due", "2026-Q1"].cites[0] == "reform"
    assert "9,541,244.70 KZT" in Path("docs/reforms.md").read_text(encoding="utf-8")


def test_the_baseline_cannot_change(miner, graph) -> None:
    law = shipped()
    was = (graph.fingerprint, salyq.assess(miner, year=2026, alternatives=False).figures)
    held = (dict(law.series), dict(law.rules), dict(law.acts), dict(law.over), dict(law.labels), law.changes)
    under = reformed_graph(graph, read(EXAMPLE))
    assess_reformed(miner, 2026, read(EXAMPLE))
    assert under.fingerprint != graph.fingerprint
    assert (Graph(shipped()).fingerprint, salyq.assess(miner, year=2026, alternatives=False).figures) == was
    assert (dict(law.series), dict(law.rules), dict(law.acts), dict(law.over), dict(law.labels), law.changes) == held
    assert all(under.trees[v] is tree for v, tree in graph.trees.items())


def test_a_reform_that_says_what_law_says_changes_no_figure(miner) -> None:
    same = value("mining_fee.rate", '"2"', "from = 2026-01-01") + rule(
        "mining_fee.due", "rounded(readings.where(lambda r: r.pays).sum(lambda r: r.reading_fee))", "from = 2026-01-01"
    ).removeprefix('title = "x"\n')
    before = salyq.assess(miner, year=2026, alternatives=False)
    assert all(r.same for r in compared(before, assess_reformed(miner, 2026, read_text(same, "same.toml"))))


DAYS = st.dates(date(2021, 1, 1), date(2027, 12, 31))


@settings(max_examples=60, deadline=None)
@given(first=DAYS, length=st.integers(0, 900), asked=DAYS, known=DAYS)
def test_it_counts_in_its_span_and_nowhere_else(first, length, asked, known) -> None:
    last = first + timedelta(length)
    reform = read_text(value("mining_fee.rate", '"7"', f"from = {first}\nuntil = {last}"), "r.toml")
    law, under = shipped(), reformed(shipped(), reform)
    if first <= asked <= last:
        assert under.value_at("mining_fee.rate", asked, known).data == Fraction(7)
    else:
        assert under.value_at("mining_fee.rate", asked, known) is law.value_at("mining_fee.rate", asked, known)
    graph = reformed_graph(Graph(law), reform)  # by spans of unchanging law
    got = graph.value_at("mining_fee.rate", asked)
    assert (got.data if got else None) == (
        v.data if (v := under.value_at("mining_fee.rate", asked, law.known)) else None
    )


def test_an_answer_under_a_reform() -> None:
    reform = read_text(value("financial_monitoring.threshold_unsecured", '"6000000"'), "r.toml")
    before, after = ask_act("transfer", TRANSFER), ask_act("transfer", TRANSFER, reform=reform)
    other = [r for r in answers_compared(before, after) if not r.same]
    assert [(r.part, r.name, r.baseline, r.reform) for r in other] == [
        ("duties", "financial_monitoring.threshold_report", "2026-06-16", "")
    ]
    assert ask_act("transfer", TRANSFER).as_json() == before.as_json()


def test_an_answer_under_a_rule_that_was_replaced() -> None:
    """Reports from half the amount: what the rule newly says counts, from its day on, and law itself is as it was."""
    written = rule("financial_monitoring.threshold_report", "amount_kzt * 2 >= threshold", "from = 2026-06-01")
    reform = read_text(written, "r.toml")
    for amount, at, others in (
        ("2499999.99", "2026-06-15T10:00", []),
        ("2500000.00", "2026-06-15T10:00", [("", "2026-06-16")]),
        ("2500000.01", "2026-06-15T10:00", [("", "2026-06-16")]),
        ("2500000.01", "2026-05-29T10:00", []),  # before the reform
    ):
        facts = {**TRANSFER, "amount_kzt": amount, "at": at}
        before, after = ask_act("transfer", facts), ask_act("transfer", facts, reform=reform)
        found = [(r.baseline, r.reform) for r in answers_compared(before, after) if not r.same and r.part == "duties"]
        assert found == others, (amount, at)
        assert ask_act("transfer", facts).as_json() == before.as_json()


BAD = {
    value("mining_fee.rat", '"3"'): (3, "mining_fee.rate"),
    value("mining_fee.rate", "0.3"): (4, '"0.3"'),
    value("mining_fee.rate", '"3"', "untill = 2026-01-01"): (5, "until"),
    value("mining_fee.rate", '"unknown"'): (4, "value"),
    value("mining_fee.rate", '"3"', "from = 2026-02-01\nuntil = 2026-01-01"): (6, "2026-01-01"),
    value("mining_fee.due", '"3"'): (3, "[[rule]]"),
    value("personal_income_tax.scale", '"3"'): (2, "over, rate"),
    value("mining_fee.return_due", '"3"'): (2, "month"),
    rule("mining_fee.rate", "3"): (3, "[[value]]"),
    rule("mining_fee.tariff", "tariff"): (4, "mining_fee.tariff"),
    rule("mining_fee.due", "rounded(readings.sum(lambda r: r.kwh_used))"): (4, "kWh"),
    rule("corporate_income_tax.tax", "rounded(taxable_incom * rate)"): (4, "taxable_income"),
    rule("corporate_income_tax.tax", "taxable_income > 3"): (4, "KZT"),
    rule("corporate_income_tax.tax", "taxable_income if rate else 0"): (4, "when("),
    rule("corporate_income_tax.tax", "0 < taxable_income < 3"): (4, "&"),
    rule("corporate_income_tax.tax", "taxable_income - 0.001"): (4, "KZT"),
    'title = "x"': (None, "[[value]]"),
    '[[value]]\nname = "mining_fee.rate"\nis = "3"': (None, "title"),
    'title = "x\n': (1, "TOML"),
    value("mining_fee.rate", '"3"') + value("mining_fee.rate", '"4"', "from = 2026-01-01").partition("\n")[2]: (
        9,
        "until",
    ),
    "".join(["title = ", "[" * 5000]): (None, ""),
}


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
def test_a_bad_file_is_one_line(text) -> None:
    line, right = BAD[text]
    with pytest.raises(InputError) as error:
        read_text(text, "r.toml")
    for lang in ("kk", "ru", "en"):
        told = error.value.text(lang)
        assert "\n" not in told
        assert told.startswith("r.toml" if line is None else f"r.toml:{line}: ")
    assert right in error.value.text("en")


HOSTILE = (
    "__import__('os').system('true')",
    "().__class__.__bases__[0]",
    "taxable_income.args",
    "taxable_income.__class__",
    "readings._make",
    "readings.__init__(1)",
    "[x for x in (1, 2)]",
    "open('/etc/passwd')",
    "'a' * 10 ** 9",
    "9 ** 9 ** 9",
    "f'{taxable_income}'",
    "(lambda: 1)()",
    "rounded(*rate)",
    "rounded(**rate)",
    "rounded",
    "1e999 * taxable_income",
    "(y := 1)",
    "lookup('x', unit='KZT')",
    "taxable_income + 'a' * 3",
    "-" * 500 + "1",
    "(" * 300 + "1" + ")" * 300,
    "",
    "\x00",
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_of_a_rule_is_run(text) -> None:
    with pytest.raises(InputError):
        read_text(rule("corporate_income_tax.tax", text.replace("\x00", "\\x00")), "r.toml")


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="abx01.()+-*/<>=&|~,:' \n\"[]{}lambdtre_", max_size=60))
def test_any_text_is_a_rule_or_a_reason(text) -> None:
    try:
        written = Written("tax", text, "r.toml", 1)
        made = written(*[lift(3, "KZT") for _ in written.__signature__.parameters])
    except LawError as error:
        made = error
    assert isinstance(made, LawError | Node)


def test_numbers_are_in_the_unit_of_what_stands_beside_them() -> None:
    law = shipped()
    reform = read_text(rule("corporate_income_tax.tax", "smallest(taxable_income - 1.5, 20)"), "r.toml")
    tree = reformed_graph(Graph(law), reform).trees[reform.rules["corporate_income_tax.tax"][0]]
    assert tree.args[0].args[1].data == 150
    assert tree.args[1].data == 2000


def test_a_reform_costs_only_what_it_replaces(monkeypatch: pytest.MonkeyPatch) -> None:
    """The law below has its fingerprint; under a reform only the rules that it writes are told anew (telling all of
    them took most of what a reform cost). Other reforms, other fingerprints; the same one, the same."""
    base, laid = Graph(shipped()), read(str(EXAMPLE))
    assert base.fingerprint
    under = reformed_graph(base, laid)
    told: list[Node] = []
    plain = graph_module._canonical
    monkeypatch.setattr(graph_module, "_canonical", lambda node: told.append(node) or plain(node))
    first = under.fingerprint
    roots = [under.trees[v] for vs in laid.rules.values() for v in vs]
    assert [any(n is root for n in told) for root in roots] == [True] * len(roots)
    assert len(told) < 60
    assert first == reformed_graph(base, read(str(EXAMPLE))).fingerprint
    other = reformed_graph(base, read_text(value("mining_fee.rate", '"3"'), "one.toml"))
    assert len({base.fingerprint, first, other.fingerprint}) == 3
