import dataclasses

import pytest

from salyq.assessing.result import RowCounts
from salyq.civil.messages import Message
from salyq.present.as_text import assessment_page
from salyq.present.rows_text import FileRows, RejectedRow
from salyq.rulebook.law import Act

NBSP = "\u00a0"


def assessment_text(a, lang, **more):
    return assessment_page(a, lang, **more).text()


FILES = [
    FileRows(
        "my export.csv",
        "binance",
        "00",
        True,
        10,
        8,
        {"repeat": 1},
        [RejectedRow("my export.csv", 7, "Change", "1e5", Message("number_exponent", {}))],
    ),
    FileRows("prices/rates.csv", "exchange_rates", "00", False, 3, 3, {}, []),
]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["Person: 900101300017 Алия (individual)", f"at most 1,500,000.00{NBSP}KZT", f"200,000.00{NBSP}KZT"]),
        ("ru", ["физическое лицо", f"не более 1{NBSP}500{NBSP}000,00{NBSP}₸", f"200{NBSP}000,00{NBSP}₸"]),
        ("kk", ["жеке тұлға", f"ең көбі 1{NBSP}500{NBSP}000,00{NBSP}₸", f"200{NBSP}000,00{NBSP}₸"]),
    ],
)
def test_speaks_the_language(assessment, lang, words):
    text = assessment_text(assessment, lang, files=FILES, case="examples/aliya")
    for word in words:
        assert word in text
    quarter = {"en": "2026-Q1", "ru": "I кв. 2026 г.", "kk": "2026 ж. I тоқсан"}[lang]
    for as_it_is in ("my export.csv", "tax-code-2025:363.1", quarter):
        assert as_it_is in text
    for day in ("2026-06-11", "2027-03-31") if lang == "en" else ("11.06.2026", "31.03.2027"):
        assert day in text
    assert f"Tax due {lang}" in text


def test_figure_names_stand_ready_for_explain(assessment):
    text = assessment_text(assessment, "en", case="'my case'")
    assert "salyq explain 'my case' --year 2026 --figure personal_income_tax.tax_due\n" in text
    assert "personal_income_tax.digital_asset_income · statute · tax-code-2025:389.2" in text


def test_alternatives_side_by_side(assessment):
    text = assessment_text(assessment, "en")
    assert f"with lot_method = average: 1,180,000.00{NBSP}KZT (here 200,000.00{NBSP}KZT)" in text


def test_the_worst_findings_come_first_and_name_their_rows(assessment):
    text = assessment_text(assessment, "en")
    assert text.index("Errors (1)") < text.index("Notices (1)")
    assert "my file.csv:2, my file.csv:3, my file.csv:4, my file.csv:5, my file.csv:6 and 4 more" in text


def test_rows_are_shown_and_a_wrong_sum_is_told(assessment):
    text = assessment_text(assessment, "en", files=FILES)
    assert "read 10 = used 8 + ignored by rule 1 + rejected 1" in text
    assert "repeat" in text
    assert "ERROR" not in text
    broken = dataclasses.replace(assessment, rows=RowCounts(10, 9, 1, 1))
    assert "ERROR" in assessment_text(broken, "en")
    assert "ERROR" in assessment_text(assessment, "en", files=[FILES[0]._replace(used=9)])


def test_a_bound_from_below_is_shown_too(assessment):
    from decimal import Decimal

    figure = dataclasses.replace(assessment.figures[0], bounds=(Decimal("5.00"), Decimal("9.00")))
    text = assessment_text(dataclasses.replace(assessment, figures=(figure,)), "en")
    assert f"at least 5.00{NBSP}KZT, at most 9.00{NBSP}KZT" in text
    figure = dataclasses.replace(figure, bounds=None)
    text = assessment_text(dataclasses.replace(assessment, figures=(figure,)), "en")
    assert "unknown" in text
    assert "at most" not in text


def test_empty_assessment_says_so(assessment):
    empty = dataclasses.replace(assessment, figures=(), findings=(), obligations=())
    text = assessment_text(empty, "en")
    assert "There are no figures for this year." in text
    assert "nothing to file or to pay" in text


def test_periods_with_the_same_to_say_say_it_once(assessment):
    text = assessment_text(assessment, "en")
    assert text.count("mining_fee.energy · statute") == 1
    assert "2026-Q1" in text
    other = dataclasses.replace(assessment.figures[3], cites=("act:9",))
    mixed = dataclasses.replace(assessment, figures=(*assessment.figures[:3], other, assessment.figures[4]))
    assert assessment_text(mixed, "en").count("mining_fee.energy · statute") == 2


def test_cited_acts_are_named(assessment):
    acts = {
        "tax-code-2025": Act(
            "tax-code-2025",
            "act",
            {"kk": "Кодекс kk", "ru": "Кодекс ru", "en": "Code en"},
            None,
            "https://example.org/code",
        ),
        "never-cited": Act("never-cited", "act", {"en": "Never"}, None, ""),
    }
    text = assessment_text(assessment, "ru", acts=acts)
    assert text.count("Кодекс ru · https://example.org/code") == 1
    assert "never-cited" not in text
