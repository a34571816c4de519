"""Every version of a rule and of a value is asked for by a worked case; every condition goes both ways, or it is said
why it cannot (`law/one_way.toml`). `salyq law check` refuses what is not, with file, line and what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import salyq.app.law_tried as law_tried
from salyq.app.law_tried import either_way_reasons, reasons, tried, tried_faults, tried_under
from salyq.law import shipped
from salyq.rulebook.fault import Fault
from salyq.rulebook.law import Law
from salyq.rulebook.tried import BOTH, Notes, short

ROOT = Path(law_tried.__file__).parents[1]


def test_the_worked_cases_ask_for_all_of_the_law() -> None:
    assert [str(f) for f in tried_faults()] == []
    assert len(tried().tests) > 300


def test_a_reason_says_something_and_stands_for_few_conditions() -> None:
    assert all(len(why) > 40 for why in reasons().values())
    assert len(reasons()) < len(tried().tests) // 10


def planted(law: Law, name: str, since: date) -> Law:
    """The law with one more version of a value: the same number again, from a day on."""
    series = law.series[name]
    newest = replace(series.values[-1], start=since, until=None)
    return replace(law, series={**law.series, name: replace(series, values=(*series.values, newest))})


def only(faults: list[Fault], name: str) -> list[str]:
    return [str(f) for f in faults if f.name == name]


@pytest.fixture(scope="module")
def of_interest() -> tuple[Law, Notes]:
    """A multiple of interest from 20 December 2026 that no worked case of interest asks for."""
    law = planted(shipped(), "late_interest.multiplier", date(2026, 12, 20))
    return law, tried_under(law, ["late_interest"])


def test_a_new_version_of_a_value_is_refused_until_a_case_asks_for_it(of_interest: tuple[Law, Notes]) -> None:
    law, notes = of_interest
    assert only(tried_faults(shipped(), notes), "late_interest.multiplier") == []
    (said,) = only(tried_faults(law, notes), "late_interest.multiplier")
    assert "in force from 2026-12-20: add one to the subject’s cases.toml" in said
    assert said.startswith("law/late_interest/params.toml:")


def test_a_version_is_told_at_its_own_line() -> None:
    """A version that stands in the file: the fault names the line of its `from`."""
    notes = Notes()
    found = [f for f in tried_faults(shipped(), notes) if f.name == "late_interest.base_rate"]
    lines = (ROOT / "law" / "late_interest" / "params.toml").read_text(encoding="utf-8").splitlines()
    assert len(found) > 10
    for f in found:
        assert lines[f.line - 1] == f"from = {f.message.params['since']}"


def test_a_new_version_of_a_rule_is_refused_until_a_case_asks_for_it(of_interest: tuple[Law, Notes]) -> None:
    law, notes = of_interest
    newest = law.rules["late_interest.due"][-1]
    later = replace(newest, since=date(2026, 7, 1))
    rules = {**law.rules, "late_interest.due": (*law.rules["late_interest.due"], later)}
    (said,) = only(tried_faults(replace(law, rules=rules), notes), "late_interest.due")
    assert said.startswith(f"law/late_interest/rules.py:{newest.line}: late_interest.due")
    assert "in force from 2026-07-01" in said


def test_a_case_that_no_longer_holds_is_told_at_its_own_line() -> None:
    """One and a half instead of one and a quarter: the cases of interest say so, each where it stands."""
    law = shipped()
    series = law.series["late_interest.multiplier"]
    changed = tuple(replace(v, data=v.data * 6 / 5) for v in series.values)
    law = replace(law, series={**law.series, series.name: replace(series, values=changed)})
    found = [f for f in tried_faults(law, tried_under(law, ["late_interest"])) if f.message.code == "law_case"]
    (one,) = (f for f in found if f.name == "late_interest, case LI-rate-2022-01-25")
    assert one.message.text() == (
        "the worked case no longer holds: late_interest.interest is 12812.5 in the case, and comes to 15375"
    )
    lines = (ROOT / one.file).read_text(encoding="utf-8").splitlines()
    assert lines[one.line - 1] == 'id = "LI-rate-2022-01-25"'


def test_a_condition_that_goes_one_way_needs_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its reason it is refused at the rule's own line; a reason that is needed no more is refused too."""
    known = reasons()
    first = next(iter(known))
    monkeypatch.setattr(law_tried, "reasons", lambda: {**{c: w for c, w in known.items() if c != first}, "old": "why"})
    found = {f.message.code: f for f in tried_faults()}
    assert set(found) == {"law_one_way", "law_one_way_stale"}
    assert first in str(found["law_one_way"])
    assert found["law_one_way"].file.endswith(".py")
    assert found["law_one_way"].line > 0


def test_a_rule_that_goes_either_way_needs_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same of rules that may rise or fall with what is unknown (`law/either_way.toml`)."""
    known = either_way_reasons()
    first = "corporate_income_tax.trading_income since 2026-01-01: corporate_income_tax.contribution_gain"
    without = {rule: why for rule, why in known.items() if rule != first}
    monkeypatch.setattr(law_tried, "either_way_reasons", lambda: {**without, "old": "why"})
    found = {f.message.code: f for f in tried_faults()}
    assert set(found) == {"law_either_way", "law_either_way_stale"}
    assert first in str(found["law_either_way"])
    lines = (ROOT / found["law_either_way"].file).read_text(encoding="utf-8").splitlines()
    assert "def trading_income(" in "".join(lines[found["law_either_way"].line - 1 :][:4])


def test_one_condition_is_seen_both_ways() -> None:
    ways = {short(c.test): c.ways for c in tried().conditions() if c.version.name == "late_interest.rate_of_days"}
    assert ways == {"given(stated_rate)": BOTH}


def test_nothing_is_asked_where_no_case_runs() -> None:
    """The check sees something: without cases every condition and every version is refused."""
    codes = [f.message.code for f in tried_faults(shipped(), _never())]
    assert codes.count("law_one_way") > 280
    assert codes.count("law_no_case") > 400


def _never() -> Notes:
    notes = tried_under(shipped(), [])
    assert not any(notes.ways.values())
    return notes
