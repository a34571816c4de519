"""A report to hand over: what it says is what the assessment says, in three languages and three kinds of file."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import openpyxl
import pypdf
import pytest

import salyq
from salyq.assessing.portfolio import Held, gains
from salyq.cli.main import main
from salyq.present.amounts import money
from salyq.present.words import Words
from salyq.report import charts
from salyq.report.blocks import Chart, Para, Section, Step, Table, Tree
from salyq.report.document import document, whole_tenge
from salyq.report.html import report_html
from salyq.report.local_days import in_days_of
from salyq.report.material import Material, gather
from salyq.report.pdf import report_pdf
from salyq.report.xlsx import report_xlsx

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def aliya() -> Material:
    return gather(salyq.read_case(EXAMPLES / "aliya"), 2025)


@pytest.fixture(scope="module")
def temir() -> Material:
    return gather(salyq.read_case(EXAMPLES / "temir-mining"), 2026)


class Page(HTMLParser):
    """Text, tags left open, and whatever would fetch something."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.fetches: list[tuple[str, str, str]] = []

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "link", "br", "circle", "rect", "line", "polyline"):
            self.open.append(tag)
        for name, value in attrs:
            fetching = name in ("src", "href", "data", "action", "xlink:href") or "url(" in (value or "")
            if fetching and not (value or "").startswith("#"):
                self.fetches.append((tag, name, value or ""))
        if tag in ("script", "iframe", "object", "link", "img"):
            self.fetches.append((tag, "", ""))

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, data):
        self.text.append(data)


def parsed(text: str) -> Page:
    page = Page()
    page.feed(text)
    return page


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_the_html_file_stands_alone_and_says_every_figure(aliya, temir, lang):
    for material in (aliya, temir):
        text = report_html(document([material], lang))
        page = parsed(text)
        assert page.open == []
        assert page.fetches == []
        said = "".join(page.text)
        for f in material.result.figures:
            assert f.label[lang] in said
            if f.value is not None and f.unit == "KZT":
                assert money(f.value, lang) in said
        assert f'lang="{lang}"' in text
        assert not re.search(r"\{\w+\}", said)
        assert text == report_html(document([material], lang))


def test_every_chart_has_its_table_and_words(aliya, temir):
    found = [b for m in (aliya, temir) for s in document([m], "en").sections for b in s.blocks if isinstance(b, Chart)]
    assert len(found) >= 6
    for chart in found:
        assert chart.table.rows
        assert chart.says.endswith(".")
        assert "aria-label" in chart.svg


def test_hostile_names_stay_text(tmp_path):
    case = tmp_path / "case"
    case.mkdir()
    name = "<script>alert(1)</script>"
    (case / "person.toml").write_text(f'id = "900101300017"\nkind = "individual"\nname = "{name}"\n', encoding="utf-8")
    (case / "r.csv").write_text(
        "time,kind,asset,quantity,value,currency,account,note\n"
        '2025-03-01T10:00:00Z,buy,BTC,1,100.00,KZT,"=cmd|<img src=x>",x\n'
        '2025-03-02T10:00:00Z,sell,BTC,1,300.00,KZT,"a",x\n',
        encoding="utf-8",
    )
    material = gather(salyq.read_case(case), 2025)
    text = report_html(document([material], "en"))
    assert "<script" not in text
    assert name in "".join(parsed(text).text)
    book = openpyxl.load_workbook(BytesIO(report_xlsx([material], "en")))
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    formulas = [c.value for c in cells if c.data_type == "f"]
    assert all(re.fullmatch(r"=SUM\(I2:I\d+\)|=E\d+-F\d+", f) for f in formulas)
    assert len(report_pdf(document([material], "en"), "…")) > 1000


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_the_pdf_is_tagged_and_says_the_same(aliya, lang):
    made = report_pdf(document([aliya], lang), "…")
    pdf = pypdf.PdfReader(BytesIO(made))
    root = pdf.trailer["/Root"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"].startswith(lang)
    said = " ".join(page.extract_text() for page in pdf.pages).replace("\u00a0", " ")
    due = aliya.result["personal_income_tax.tax_due"].value
    assert money(due, lang).replace("\u00a0", " ") in said
    assert aliya.result.fingerprint.removeprefix("sha256:")[:16] in said
    assert f"1 / {len(pdf.pages)}" in said
    assert made == report_pdf(document([aliya], lang), "…")


def test_the_workbook_can_be_followed(aliya):
    made = report_xlsx([aliya], "ru")
    assert made == report_xlsx([aliya], "ru")
    book = openpyxl.load_workbook(BytesIO(made))
    say = Words("ru")
    sheet = book[say("sheet_matches")[:31]]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert len(rows) == len(aliya.matches) + 1
    for cells, match in zip(rows, aliya.matches, strict=False):
        if match["quantity"] and len(match["quantity"]) < 15:
            assert Decimal(str(cells[3])) == Decimal(match["quantity"])
        if match["gain_kzt"]:
            assert Decimal(str(cells[8])) == Decimal(match["gain_kzt"])
    assert rows[-1][8] == f"=SUM(I2:I{len(aliya.matches) + 1})"
    assert {row[11] for row in rows[:-1]} <= {say(f"match_method_{m}") for m in ("fifo", "average", "specific")}
    assert say("match_status_matched") in {row[12] for row in rows}
    figures = book[say("sheet_figures")]
    assert {row[4] for row in figures.iter_rows(min_row=2, values_only=True)} <= {
        "известно",
        "неизвестно",
        "не применяется",
    }
    told = {(row[9], row[1]): row[2] for row in figures.iter_rows(min_row=2, values_only=True)}
    for f in aliya.result.figures:
        if f.value is not None:
            assert Decimal(str(told[f.name, f.period])) == f.value


def test_long_numbers_are_kept_as_text(tmp_path):
    case = tmp_path / "case"
    case.mkdir()
    (case / "person.toml").write_text('id = "900101300017"\nkind = "individual"\n')
    (case / "r.csv").write_text(
        "time,kind,asset,quantity,value,currency\n"
        "2025-03-01T10:00:00Z,buy,ETH,123456.123456789012345678,100.00,KZT\n"
        "2025-03-02T10:00:00Z,sell,ETH,123456.123456789012345678,300.00,KZT\n"
    )
    made = report_xlsx([gather(salyq.read_case(case), 2025)], "en")
    sheet = openpyxl.load_workbook(BytesIO(made))[Words("en")("sheet_matches")]
    assert sheet["D2"].value == "123456.123456789012345678"


def test_holdings_agree_with_the_books(aliya):
    """Open lots at the year's end are what the accounts hold, coin by coin."""
    held: dict[str, int] = {}
    for h in salyq.holdings(aliya.case, aliya.held[-1].day):
        held[h.asset] = held.get(h.asset, 0) + h.quantity
    last = {h.asset: h.quantity for h in aliya.held if h.day == aliya.held[-1].day}
    assert {a for a, q in last.items() if held.get(a, 0) >= q > 0} >= {"BTC", "ETH", "SOL"}
    assert last["BTC"] == held["BTC"]
    assert all(h.quantity > 0 for h in aliya.held)


def test_costs_move_as_lots_do(tmp_path):
    case = tmp_path / "case"
    case.mkdir()
    (case / "person.toml").write_text('id = "900101300017"\nkind = "individual"\n')
    (case / "r.csv").write_text(
        "time,kind,asset,quantity,value,currency\n"
        "2024-06-01T10:00:00Z,buy,BTC,2,100.00,KZT\n"
        "2025-02-10T10:00:00Z,buy,BTC,1,90.00,KZT\n"
        "2025-04-10T10:00:00Z,sell,BTC,1.5,300.00,KZT\n"
        "2025-09-10T10:00:00Z,sell,BTC,0.75,300.00,KZT\n"
    )
    held = {h.day.month: (Fraction(h.quantity, 10**18), h.cost) for h in gather(salyq.read_case(case), 2025).held}
    assert held[1] == (2, 10_000)
    assert held[2] == held[3] == (3, 19_000)
    assert held[4] == held[8] == (Fraction(3, 2), 11_500)
    assert held[9] == held[12] == (Fraction(3, 4), 6_750)


def test_gains_sum_to_the_matches(aliya):
    whole = sum(Fraction(r["gain_kzt"]) for r in aliya.matches if r["gain_kzt"] and r["currency"])
    assert sum(g.gain for g in gains(aliya.matches)) == whole


def test_axes_hold_their_values():
    for low, high in ((0, 1), (-211_061, 1_433_772), (0, 0), (-5, -1), (0, 10**15), (Fraction(1, 3), Fraction(2, 3))):
        marks = charts.marks(Fraction(min(low, 0)), Fraction(max(high, 0)))
        assert marks[0] <= min(low, 0)
        assert marks[-1] >= high
        assert 0 in marks
        assert len(marks) <= 8


@pytest.mark.parametrize("gain", [(-24_938, 174_072), (5, 49_999), (-1, 3), (-700, -20)])
def test_the_nought_of_an_axis_stands_where_columns_begin(gain: tuple[int, int]) -> None:
    values = [Fraction(g) for g in gain]
    words = [str(v) for v in charts.axis(values)]
    svg = charts.bars(["a", "b"], values, "t", words)
    nought = re.search(r'y="([0-9.]+)" text-anchor="end">0<', svg)
    line = re.search(r'<line [^>]*y1="([0-9.]+)"', svg)
    assert nought is not None
    assert line is not None
    assert Decimal(nought[1]) - 4 == Decimal(line[1])


def test_the_command(tmp_path, capsys):
    to = tmp_path / "r.html"
    assert main(["report", str(EXAMPLES / "aliya"), "--year", "2024", "--year-to", "2025", "--to", str(to)]) == 0
    text = to.read_text(encoding="utf-8")
    assert 'id="y2024-figures"' in text
    assert 'id="y2025-figures"' in text
    before = to.read_bytes()
    for ending, code in (("r.txt", 2), ("", 2)):
        assert (
            main(["report", str(EXAMPLES / "aliya"), "--year", "2025", "--to", ending and str(tmp_path / ending)])
            == code
        )
    assert main(["report", str(EXAMPLES / "aliya"), "--year", "2025", "--year-to", "2024", "--to", str(to)]) == 2
    assert to.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["r.html"]


def test_a_table_row_is_as_long_as_its_head(aliya, temir):
    for m in (aliya, temir):
        for section in document([m], "kk").sections:
            for block in section.blocks:
                table = block.table if isinstance(block, Chart) else block
                if isinstance(table, Table):
                    assert {len(r) for r in table.rows} == {len(table.head)}, table.caption


FARM = """kind = "company"
id = "230440900503"
resident = true
[[licence]]
kind = "mining_I"
number = "KZ1"
from = 2025-01-01
until = 2027-12-31
[[year]]
year = 2026
vat_payer = true
business_losses_brought = "1 000 000,00"
large_business = false
horizontal_monitoring = false
"""


@pytest.fixture
def farm(tmp_path: Path) -> Material:
    """Tables as a farm has them, without the quotes of its coins."""
    for path in (EXAMPLES / "mappings").glob("*.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "person.toml").write_text(FARM, encoding="utf-8")
    return gather(salyq.read_case(tmp_path), 2026)


def test_a_year_that_lacks_only_its_number_is_not_said_to_change(tmp_path: Path) -> None:
    (tmp_path / "person.toml").write_text('kind = "individual"\nresident = true\n', encoding="utf-8")
    rows = "2025-03-01T10:00:00Z,buy,BTC,1,100.00,KZT,w\n2025-03-02T10:00:00Z,sell,BTC,1,300.00,KZT,w\n"
    (tmp_path / "r.csv").write_text(f"time,kind,asset,quantity,value,currency,account\n{rows}", encoding="utf-8")
    material = gather(salyq.read_case(tmp_path), 2025)
    assert [r.code for r in material.result.verdict.reasons] == ["person_id_missing"]
    first = document([material], "en").sections[0].blocks[0]
    assert isinstance(first, Para)
    assert first.text.startswith("Every figure of the year is known.")
    empty = gather(salyq.read_case(tmp_path), 2026)
    last = document([empty], "en").sections[0].blocks[-1]
    assert isinstance(last, Para)
    assert last.text == Words("en")("report_nothing_to_pay")


def test_what_nobody_knows_is_neither_nought_nor_an_empty_chart(farm: Material) -> None:
    reason = next(r for r in farm.result.verdict.reasons if r.code == "missing_quotes")
    assert reason.amount is None  # the tax has no upper end; a loss that is carried on says nothing of it
    made = {s.key: s for s in document([farm], "ru").sections}
    reasons, due = made["summary"].blocks[1:3]
    assert isinstance(reasons, Table)
    assert isinstance(due, Table)
    assert len(reasons.head) == 1  # nobody can say how much hangs on it: no column of nothing
    assert [row[3] for row in due.rows if row[1] == "2026"] == ["неизвестно"]
    assert not any(isinstance(b, Chart) for b in made["holdings"].blocks)
    assert any(isinstance(b, Chart) for b in made["energy"].blocks)
    assert made["holdings"].blocks[0].rows[0][1] == "0,0256"


def test_days_in_sentences_are_the_readers_days(farm: Material) -> None:
    notes = {lang: report_html(document([farm], lang)) for lang in ("ru", "kk", "en")}
    assert "15.08.2026 не рабочий день" in notes["ru"]
    assert "15.08.2026 жұмыс күні емес" in notes["kk"]
    assert "2026-08-15 is not a working day" in notes["en"]
    assert "15.08.2026" not in notes["en"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("с 2026-01-05 по 2026-01-06.", "с 05.01.2026 по 06.01.2026."),
        ("binance-2026-01-05.csv:3", "binance-2026-01-05.csv:3"),
        ("2026-01-05T10:00", "2026-01-05T10:00"),
        ("2026-01-01-ден бастап", "2026-01-01-ден бастап"),  # the ending belongs to the day as it is written
        ("prices/2026-01-05/x", "prices/2026-01-05/x"),
        ("лот 2026-01-05: 5", "лот 05.01.2026: 5"),
        (
            "за 2026-01-05: salyq holdings my-case --on 2026-01-05",
            "за 05.01.2026: salyq holdings my-case --on 2026-01-05",
        ),
    ],
)
def test_only_days_by_themselves_are_written_anew(text: str, shown: str) -> None:
    section = in_days_of(Section("x", "", [Para(text), Table("", ("a",), [(text,)]), Tree(Step(text))]), "ru")
    para, table, tree = section.blocks
    assert isinstance(para, Para)
    assert isinstance(table, Table)
    assert isinstance(tree, Tree)
    assert (para.text, table.rows[0][0], tree.root.line) == (shown, shown, shown)


def test_a_month_without_a_quote_breaks_the_line_of_worth():
    """At cost, coins inherited at 0 fell to nothing between two quotes."""
    held = Held(date(2026, 5, 31), "BTC", 10**18, cost=0, worth=None)
    assert whole_tenge(held) is None
    assert whole_tenge(held._replace(worth=1_055_260_792)) == Fraction(1_055_260_792, 100)
    assert whole_tenge(None) == 0
