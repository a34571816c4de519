"""Made-up files for every reader: headers that readers take, rows that are nearly right, and damage."""

from __future__ import annotations

import csv
import io
from functools import cache
from itertools import islice
from pathlib import Path

from hypothesis import strategies as st
from tests.fuzz.books import book, packed, parts_of, sheet_xml

from salyq.records.kinds import KINDS
from salyq.sources.format import Column, Format
from salyq.sources.mapping.guess_words import STATUS, TITLES
from salyq.sources.registry import formats

ROOT = Path(__file__).parents[2]
NASTY = """
0|-0|1|-1|0.1|-0.00000001|1e400|1E-8|9.3E-7|1e-999|123456789012345678901234567890123456789
0.1234567890123456789|1,234.5|1.234,5|1 234,50|(5)|--5|+5|5BTC|0.5 BTC|$1.5|₸15 000|NaN|inf|٣|１２|½|∞|=1+1
=CMD|@SUM(A1)|-|--|N/A|null|None|0x10|1_000|2025-03-01|2025-03-01 12:00:00|2025-03-01T12:00:00Z
2025-03-01T12:00:00+99:99|24-03-01 12:00:00|01.03.2025 12:00|03/01/2025 12:00 PM|13/13/2025|0000-00-00
9999-12-31T23:59:59+00:00|1969-12-31|1740000000|1740000000000|10:00|Jan. 28, 2022, 12:13 AM|2024-02-30
2025-03-01T25:00:00Z|BTC|ETH|USDT|KZT|USD|BTCUSDT|BTC/USDT|BTC-KZT|btc|XXBT|ETH2|ETH.S|1INCH|KZTE|buy
sell|Buy|Sell|SELL|Deposit|deposit|Withdrawal|withdrawal|Transfer|trade|Completed|Spot|Futures|Fee|TRADE
Transaction Buy|Transaction Spend|Transaction Fee|Distribution|staking|Convert|crypto_exchange|RECV|SENT
yes|no|ok|missing|Converted 0.1 BTC to 1.5 ETH|Converted 1 X to|Converted to|UTC|Europe/Amsterdam
../../etc/passwd|<script>|"|'|\\|''=1
""".replace("\n", "|").split("|")
_RAW = (
    "\x00",
    "\ufeff",
    "\r",
    "\n",
    "\t",
    "\u202e",
    "\x1b[31m",
    "\U0001f4a9",
    "\u00a0",
    "x" * 5000,
    "'" * 50,
    "٣" * 40,
)
_CUT = ("", "\n", "\r\n", '"', ",", ";", "\x00", "\ufeff")


@cache
def samples() -> tuple[Path, ...]:
    """Real and made-up exports that lie in the repository."""
    folders = (ROOT / "tests" / "sources" / "samples", ROOT / "examples")
    return tuple(sorted(path for folder in folders for path in folder.rglob("*.csv")))


@cache
def sample_grids() -> tuple[list[list[str]], ...]:
    """The samples as cells, at most 60 rows of each."""
    found = []
    for path in samples():
        text = path.read_bytes().decode("utf-8", "replace").replace("\ufeff", "").replace("\0", "")
        delimiter = max(",;\t", key=text[:3000].count)
        found.append(list(islice(csv.reader(io.StringIO(text), delimiter=delimiter), 60)))
    return tuple(found)


@cache
def seen_cells() -> tuple[str, ...]:
    """Cells of the samples, so that made-up rows get far into a reader."""
    cells = (cell.strip() for grid in sample_grids() for row in grid for cell in row[:40] if len(cell) < 80)
    return tuple(list(dict.fromkeys(cells))[:6000])


@cache
def sample_texts() -> tuple[bytes, ...]:
    """The samples themselves, to be damaged."""
    return tuple(p.read_bytes()[:20_000] for p in samples())


def title_of(column: Column) -> st.SearchStrategy[str]:
    """A header cell that the column takes."""
    if column.pattern is not None:
        return st.from_regex(column.pattern, fullmatch=True).filter(
            lambda title: len(title) < 60 and "\n" not in title and "\r" not in title
        )
    return st.sampled_from(column.titles or (column.name,))


def a_cell() -> st.SearchStrategy[str]:
    words = st.sampled_from([*NASTY, *KINDS])
    return st.one_of(
        words, words, st.sampled_from(seen_cells()), st.sampled_from(_RAW), st.text(max_size=8), st.just("")
    )


@st.composite
def an_unknown_grid(draw: st.DrawFn) -> list[list[str]]:
    """Titles that no reader takes but a draft of a mapping may, and rows."""
    words = [word.strip() for words in (*TITLES.values(), STATUS) for word in words.split(";")]
    titles = draw(st.lists(st.sampled_from(words), min_size=2, max_size=12))
    rows = draw(st.lists(st.lists(a_cell(), min_size=len(titles), max_size=len(titles)), max_size=8))
    return [titles, *rows]


@st.composite
def a_grid(draw: st.DrawFn, form: Format) -> list[list[str]]:
    """A header that `form` takes, and rows."""
    chosen = [c for c in form.columns if c.required or draw(st.booleans())]
    titles = [draw(title_of(column)) for column in chosen]
    if not form.own and draw(st.booleans()):
        titles = draw(st.permutations(titles))
    width = len(titles)
    cells = st.lists(a_cell(), min_size=max(0, width - 1), max_size=width + 1)
    rows = draw(st.lists(cells, max_size=8))
    if rows and draw(st.booleans()):
        rows = rows + rows[: draw(st.integers(1, 3))]
    return [titles, *rows]


@st.composite
def a_varied_sample(draw: st.DrawFn) -> list[list[str]]:
    """A sample with a few cells changed, and rows left out, doubled or in another order."""
    grid = [list(row) for row in draw(st.sampled_from(sample_grids()))]
    first = next((n for n, row in enumerate(grid) if len(row) > 2), 0) + 1
    top, rows = grid[:first], grid[first:]
    for _ in range(draw(st.integers(0, 5)) if rows else 0):
        row = draw(st.sampled_from(rows))
        if row:
            row[draw(st.integers(0, len(row) - 1))] = draw(a_cell())
    for _ in range(draw(st.integers(0, 3)) if rows else 0):
        place = draw(st.integers(0, len(rows) - 1))
        rows[place : place + 1] = [rows[place]] * draw(st.sampled_from([0, 2]))
        if not rows:
            break
    return [*top, *(draw(st.permutations(rows)) if draw(st.booleans()) else rows)]


@st.composite
def a_text(draw: st.DrawFn) -> bytes:
    """A CSV file: of a reader's header, or a damaged sample."""
    if draw(st.integers(0, 3)) == 0:
        data = draw(st.sampled_from(sample_texts()))
        return draw(damaged(data))
    sort = draw(st.integers(0, 6))
    if sort < 3:
        grid = draw(a_varied_sample())
    elif sort == 3:
        grid = draw(an_unknown_grid())
    else:
        grid = draw(a_grid(draw(st.sampled_from(formats()))))
    delimiter = draw(st.sampled_from(",,;\t"))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=draw(st.sampled_from(["\n", "\r\n", "\r"])))
    for line in draw(st.lists(st.lists(a_cell(), max_size=3), max_size=2)):
        writer.writerow([cell.replace("\0", "") for cell in line])
    for row in grid:
        writer.writerow([cell.replace("\0", "") for cell in row])
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1251", "utf-16-le"]))
    data = out.getvalue().encode(encoding, "replace")
    return draw(damaged(data)) if draw(st.integers(0, 3)) == 0 else data


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """A few pieces cut out, put in, doubled."""
    changed = bytearray(data)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(changed)))
        end = min(len(changed), place + draw(st.integers(0, 40)))
        piece = draw(
            st.one_of(st.binary(max_size=6), st.sampled_from(_CUT).map(str.encode), st.just(changed[place:end] * 3))
        )
        changed[place:end] = piece
    return bytes(changed)


_XML = """<c r="REF"><v>1</v><v>2</v></c>|<c r="REF" t="s"><v>0</v></c>|<c r="REF" t="s"><v>999999</v></c>
<c r="REF" t="s"><v>-1</v></c>|<c r="REF" t="b"><v>1</v></c>|<c r="REF" t="e"><v>#N/A</v></c>
<c r="REF"><f>1+1</f></c>|<c r="REF"><f>1+1</f><v>2</v></c>|<c r="XFD1"><v>1</v></c>
<c r="A1"><v>1</v></c>|<c><v>1</v></c>|<c r="ZZZZ9"><v>1</v></c>
<c r="REF" t="d"><v>2025-03-01T12:00:00</v></c>|<c r="REF" s="99999"><v>45000</v></c>
<c r="REF" t="str"><f>x</f><v></v></c>|<row r="9999999"/>|<row r="1"/>|</row><row>|<!-- c -->|<?pi?>
<c r="REF" t="inlineStr"><is><t>a</t><rPh><t>b</t></rPh></is></c>|<a><b><c r="REF"><v>1</v></c></b></a>
<v>1</v>|</c>|&amp;|&#0;|&x;|<![CDATA[1]]>""".replace("\n", "|").split("|")
_NUMBERS = (
    "=n45000.5",
    "=n0.30000000000000004",
    "=n1E+3",
    "=nNaN",
    "=n-1",
    "=s145000",
    "=s245000.123456",
    "=s30.5",
    "=s1-5",
    "=s199999999",
)
_BEFORE = (
    "",
    "",
    "",
    '<!DOCTYPE x [<!ENTITY a "b">]>',
    '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
    "<!-- -->",
    "\ufeff",
)


@st.composite
def a_workbook(draw: st.DrawFn) -> bytes:
    """An XLSX file: right, nearly right, or broken."""
    grid = draw(a_grid(draw(st.sampled_from(formats()))))
    cells = st.sampled_from([*_NUMBERS, *_XML])
    rows = [grid[0]]
    for row in grid[1:]:
        rows.append([draw(cells) if draw(st.integers(0, 4)) == 0 else cell for cell in row])
    rows = [["".join(c for c in cell if c >= " ") for cell in row] for row in rows]
    before = draw(st.sampled_from(_BEFORE))
    sheets = {"Sheet1": sheet_xml(rows, before)}
    if draw(st.booleans()):
        sheets["notes"] = sheet_xml([["some", "words"]])
    parts: dict[str, str | bytes] = dict(parts_of(sheets))
    fault = draw(st.integers(0, 5))
    if fault == 0:
        del parts[draw(st.sampled_from(sorted(parts)))]
    elif fault == 1:
        name = draw(st.sampled_from(sorted(parts)))
        parts[name] = draw(damaged(str(parts[name]).encode()))
    data = packed(parts)
    return draw(damaged(data)) if fault == 2 else data


def a_file() -> st.SearchStrategy[tuple[str, bytes]]:
    """(file name, content)."""
    texts = a_text().map(lambda data: ("file.csv", data))
    books = a_workbook().map(lambda data: ("file.xlsx", data))
    return st.one_of(texts, texts, texts, books)


_MAPPING = """
name = "broker"
files = ["*.csv"]
signs = "check"
[columns]
time = "Date"
kind = ["Type", "Side"]
asset = "Coin"
quantity = "Amount"
value = "Total"
currency = "Cur."
fee = "Fee"
fee_asset = "Cur.#2"
pair = "Market"
in_quantity = "Received"
out_quantity = "Sent"
[always]
account = "broker"
kind = "transfer_in / transfer_out"
[time]
format = ["DD.MM.YYYY HH:mm:ss", "iso"]
zone = "Asia/Almaty"
[numbers]
decimal = ","
thousands = " "
[kinds]
"Buy" = "buy"
"Trade" = "trade"
"Login" = "ignore"
[only]
"Status" = ["ok"]
""".strip().splitlines()
_VALUES = (
    "1",
    "-1",
    "true",
    "0.5",
    "[]",
    "{}",
    '""',
    '"x"',
    '["a", 1]',
    "2025-01-01",
    "inf",
    '"iso"',
    '"unix"',
    '"(((("',
    '"YYYYYY"',
)
_MORE = (
    '"+99:99"',
    '"../../x"',
    '"buy / buy"',
    '"transfer_in/transfer_out"',
    '"********************a"',
    '"#2"',
    '"T#0"',
    '"T#9"',
)


@st.composite
def a_mapping(draw: st.DrawFn) -> bytes:
    """A mapping file: lines left out, values changed, or damaged."""
    left_out = draw(st.sets(st.integers(0, 2 * len(_MAPPING)), max_size=4))
    swapped = draw(st.sets(st.integers(0, 4 * len(_MAPPING)), max_size=3))
    changed = []
    for number, line in enumerate(_MAPPING):
        if number in left_out:
            continue
        key, equals, _ = line.partition(" = ")
        swap = bool(equals) and number in swapped
        changed.append(f"{key} = {draw(st.sampled_from(_VALUES + _MORE))}" if swap else line)
    data = "\n".join(changed).encode()
    return draw(damaged(data)) if draw(st.integers(0, 5)) == 0 else data


@st.composite
def a_mapped_case(draw: st.DrawFn) -> tuple[bytes, str, bytes]:
    """(mapping file, name of the table, the table)."""
    titles = [
        "Date",
        "Type",
        "Side",
        "Coin",
        "Amount",
        "Total",
        "Cur.",
        "Fee",
        "Cur.",
        "Market",
        "Received",
        "Sent",
        "Status",
    ]
    rows = draw(st.lists(st.lists(a_cell(), min_size=10, max_size=13), max_size=6))
    for row in rows:
        if draw(st.booleans()):
            row[:2] = ["01.03.2025 12:00:00", draw(st.sampled_from(["Buy", "Trade", "Login", "?"]))]
            row[-1] = "ok"
    if draw(st.integers(0, 3)) == 0:
        clean = [["".join(c for c in cell if c >= " ") for cell in row] for row in rows]
        return draw(a_mapping()), "t.xlsx", book([titles, *clean])
    out = io.StringIO()
    csv.writer(out, delimiter=draw(st.sampled_from(",;"))).writerows(
        [[cell.replace("\0", "") for cell in row] for row in [titles, *rows]]
    )
    return draw(a_mapping()), "t.csv", out.getvalue().encode("utf-8", "replace")
