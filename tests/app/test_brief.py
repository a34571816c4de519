"""The brief of a day: sixteen rows, each resting on law or dated statistics, nothing of the future told as known."""

from __future__ import annotations

import json
from datetime import date
from io import BytesIO

import pypdf
import pytest

from salyq.app.brief import brief
from salyq.app.lawbook import whole
from salyq.cli.main import main
from salyq.present.cites import cite_text

DAY = date(2025, 8, 11)
SAID = {
    "country": ["17 regions", "3 cities", "tenge"],
    "mining_place": ["third in the world", "75"],
    "levy": ["Since 2024-01-01", "2 tenge per kWh", "1 tenge per kWh"],
    "corporate_rate": ["20%"],
    "mining_income": ["officially published value", "not in total annual income"],
    "mining_expenses": ["not deductible"],
    "individuals": ["10%", "20%"],
    "vat": ["outside VAT", "exempt"],
    "aifc": ["AFSA"],
    "law_2023": ["issuance and circulation", "mining"],
    "infrastructure": ["cross-border payments"],
    "framework": ["digital financial assets", "unsecured digital assets"],
    "sandbox": ["sandbox"],
    "cryptocity": ["CryptoCity"],
    "crypto_card": ["merchant gets tenge"],
    "analysis": ["2025-08-11"],
}


def test_the_sixteen_rows_of_august_2025() -> None:
    made = brief(DAY)
    assert [r.id for r in made.rows] == list(SAID)
    for row in made.rows:
        for words in SAID[row.id]:
            assert words in row.text["en"], (row.id, words, row.text["en"])
        assert row.basis
        assert row.cites
        assert len({row.text[lang] for lang in ("kk", "ru", "en")}) == 3
        assert all("{" not in row.text[lang] for lang in ("kk", "ru", "en"))


@pytest.mark.parametrize(
    "day", [date(2022, 6, 1), date(2023, 6, 1), date(2024, 6, 1), DAY, date(2026, 6, 15), date(2026, 12, 31)]
)
def test_nothing_later_than_the_day_is_told_as_known(day: date) -> None:
    made, acts = brief(day), whole().acts
    for row in made.rows:
        for s in row.statistics:
            assert s.period[:4] <= str(day.year)
        cited = {c: acts.get(c.partition(":")[0]) for c in row.cites}
        assert [c for c, act in cited.items() if act is not None and act.date is not None and act.date > day] == []
    for change in (*made.recent, *made.coming):
        act = acts.get(change.by)
        assert act is None or act.date is None or act.date <= day
    assert all(c.day <= day for c in made.recent)
    assert all(c.day > day for c in made.coming)


def test_the_sandbox_law_is_seen_coming() -> None:
    assert any(c.cite.startswith("nbk-law:51-5") for c in brief(DAY).coming)
    assert not any(c.cite.startswith("nbk-law:51-5") for c in brief(date(2025, 6, 1)).coming)


def test_no_change_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    """The levy of 2 tenge and the exemption from value-added tax are the greatest changes of the two years before
    August 2025, the levy of 25 tenge of what was then coming: a list cut at forty told none of them."""
    made, law = brief(DAY), whole()
    began = [p for ps in law.provisions.values() for p in ps if date(2023, 8, 12) <= p.start <= DAY]
    known = [p for p in began if all(a not in law.acts or (law.acts[a].date or date.min) <= DAY for a in (p.by, p.act))]
    assert len(made.recent) >= len(known) > 50
    assert {"mining_fee", "value_added_tax"} <= {c.subject for c in made.recent if c.day == date(2024, 1, 1)}
    assert any("25" in c.text["en"] for c in made.coming if c.subject == "mining_fee")
    assert main(["law", "brief", "--on", "2025-08-11", "--lang", "en"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "2024-01-01 · The digital mining fee" in told
    assert [c.text["en"] for c in (*made.recent, *made.coming) if " ".join(c.text["en"].split()) not in told] == []


def test_rates_are_those_of_the_day() -> None:
    levy = {d: next(r for r in brief(d).rows if r.id == "levy").values for d in (date(2022, 6, 1), DAY)}
    assert levy[date(2022, 6, 1)] == {"mining_fee.rate": "1 tenge per kWh"}
    assert levy[DAY]["mining_fee.rate"] == "2 tenge per kWh"


def test_the_command(capsys: pytest.CaptureFixture[str], tmp_path) -> None:
    assert main(["law", "brief", "--on", "2025-08-11", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [r["id"] for r in told["rows"]] == list(SAID)
    assert set(told["rows"][0]) >= {"id", "text", "cites", "basis", "values"}
    for lang, words in (("kk", "шолу"), ("ru", "Обзор"), ("en", "Brief")):
        to = tmp_path / f"{lang}.md"
        assert main(["law", "brief", "--on", "2025-08-11", "--lang", lang, "--to", str(to)]) == 0
        assert words in to.read_text(encoding="utf-8")
    assert main(["law", "brief", "--on", "2025-08-11", "--to", str(tmp_path / "b.pdf")]) == 0
    assert "/StructTreeRoot" in pypdf.PdfReader(BytesIO((tmp_path / "b.pdf").read_bytes())).trailer["/Root"]
    assert main(["law", "brief", "--on", "2025-08-11", "--to", str(tmp_path / "b.html")]) == 0
    assert main(["law", "brief", "--on", "1999-01-01"]) == 2
    assert main(["law", "brief", "--on", "2025-08-11", "--to", str(tmp_path / "b.doc")]) == 2
    assert not (tmp_path / "b.doc").exists()


@pytest.mark.parametrize(
    ("cite", "lang", "words"),
    [
        ("tax-code-2017:332-1.9", "ru", "НК 2017 г., ст. 332-1, п. 9"),
        ("tax-code-2017:332-1.9", "en", "Tax Code 2017, art. 332-1(9)"),
        ("tax-code-2017:332-1.9", "kk", "2017 ж. Салық кодексі, 332-1-бап, 9-тармақ"),
        ("tax-code-2025:389.4.5", "en", "Tax Code 2025, art. 389(4)(5)"),
        ("nobody:1", "en", "nobody:1"),
    ],
)
def test_cites_are_read_by_people(cite: str, lang: str, words: str) -> None:
    assert cite_text(cite, whole().acts, lang) == words


def test_no_brief_tells_of_days_that_nobody_could_foresee() -> None:
    """In August 2025 nothing of AFSA's later warnings, of a statement of December, of an index that was not set."""
    made = brief(DAY)
    law = whole()
    assert made.coming
    for change in made.coming:
        act = law.acts[change.by]
        assert act.kind == "act"
        assert act.date is not None
        assert act.date <= DAY
    said = " ".join(c.text["en"] for c in made.coming) + " ".join(r.text["en"] for r in made.rows)
    for later in ("OKX", "19.12.2025", "not known tenge", "1 July 2026"):
        assert later not in said


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("kk", ("8500 АЕК-ке дейінгі табыстан 10", "6 800 000 000 USD", "III тоқсаны", "29.11.2026 күнгі", "08.2021")),
        ("ru", ("с дохода до 8500 МРП в год", "6 800 000 000 USD", "III кв. 2025 г.", "08.2021")),
        ("en", ("up to 8500 MCI a year and 15% above it", "6,800,000,000 USD", "quarter III of 2025", "2021-08")),
    ],
)
def test_numbers_scales_and_periods_are_written_as_people_do(lang: str, words: tuple[str, ...]) -> None:
    told = " ".join(row.text[lang] for row in brief(date(2026, 11, 29)).rows).replace("\N{NO-BREAK SPACE}", " ")
    assert [w for w in words if w not in told] == []
    assert "2024-Q3" not in told
