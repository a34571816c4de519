"""Whatever the deals or the meters: a filled return reads back, its formulas hold, it comes to the figures of law."""

from __future__ import annotations

import json
import tempfile
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import salyq
from salyq.forms.as_cabinet import cabinet_json
from salyq.forms.as_lines import lines_json
from salyq.forms.asked import Asked
from salyq.forms.check import check_file, compare
from salyq.forms.fill import fill
from salyq.forms.filled import Return
from salyq.forms.read_back import read_back

PERSON = """
id = "900101300017"
kind = "individual"
resident = true
[[account]]
name = "home"
country = "KZ"
[[account]]
name = "abroad"
country = "SG"
"""
FIRM = """
id = "221140000000"
kind = "company"
resident = true
[[licence]]
kind = "mining_I"
number = "MI-1"
from = 2023-01-01
"""
HEAD = "time,kind,asset,quantity,value,currency,document,account"
MONEY = st.decimals(Decimal("0.01"), Decimal("99999999"), places=2)


@st.composite
def deals(draw: st.DrawFn) -> str:
    rows = [HEAD, "2025-01-01T12:00:00+05:00,buy,BTC,100,1000000000,KZT,contract,home"]
    for n in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(("sell", "buy", "gift_out", "gift_in", "spend")))
        quantity = draw(st.decimals(Decimal("0.0001"), Decimal("9"), places=5).filter(lambda q: q > 0))
        worth = f"{draw(MONEY):f},KZT" if kind in ("sell", "buy", "spend") else ","
        account = draw(st.sampled_from(("home", "abroad")))
        rows.append(f"2025-02-{n + 1:02d}T12:00:00+05:00,{kind},BTC,{quantity:f},{worth},,{account}")
    return "\n".join(rows) + "\n"


def filled(person: str, name: str, text: str, form: str, period: str) -> tuple[Return, Asked]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "person.toml").write_text(person, encoding="utf-8")
        (Path(folder) / name).write_text(text, encoding="utf-8")
        asked = Asked(
            salyq.read_case(folder),
            int(period[:4]),
            period,
            options={"revision": "0" * 8 + "-0000" * 3 + "-" + "0" * 12},
        )
        return fill(asked, form), asked


def holds(made: Return, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        read = read_back(path)
        assert check_file(read) == []
        assert list(compare(read, made)) == []


@settings(max_examples=12, deadline=None)
@given(deals())
def test_any_persons_income_return_holds(text: str) -> None:
    made, asked = filled(PERSON, "records.csv", text, "270.00", "2025")
    holds(made, json.dumps(lines_json(made)).encode())
    holds(made, cabinet_json(made, asked))
    assert (made.failed, made.notes) == ([], [])  # the form's arithmetic comes to the law's figures
    tables = {t.rows.code: t.filled for s in made.sheets if s.name == "270.04" for t in s.tables}
    assert len(tables["B"]) == len(text.splitlines()) - 1  # every deal has its row
    assert all(len(r.texts.get("D", "").partition(".")[2]) <= 4 for r in tables["B"])


@st.composite
def power(draw: st.DrawFn) -> str:
    rows = ["start,end,kwh,meter,meter_state,own_plant,renewable,grid_connected,price_per_kwh,max_power_kw,site,hosted"]
    for n in range(draw(st.integers(1, 14))):
        own, renewable = draw(st.booleans()), draw(st.booleans())
        state = draw(st.sampled_from(("ok", "ok", "ok", "faulty")))
        kwh = f"{draw(st.decimals(Decimal(0), Decimal(99999), places=3)):f}" if state == "ok" else ""
        price = f"{draw(st.integers(1, 3000)) / Decimal(100):f}"
        meter = draw(st.sampled_from(("A", "B")))
        rows.append(
            f"2023-04-{2 * n + 1:02d},2023-04-{2 * n + 2:02d},{kwh},{meter},{state},{'yes' if own else 'no'},"
            f"{'yes' if renewable else 'no'},yes,{price},{draw(st.integers(1, 900))},x,no"
        )
    return "\n".join(rows) + "\n"


@settings(max_examples=12, deadline=None)
@given(power())
def test_any_fee_return_comes_to_the_fee_of_law(text: str) -> None:
    made, asked = filled(FIRM, "energy.csv", text, "880.00", "2023-Q2")
    holds(made, json.dumps(lines_json(made)).encode())
    fee = next(f for f in asked.figures("mining_fee.due"))
    total = made.line("880.00.003")
    assert total is not None
    rows = len(text.splitlines()) - 1
    if fee.value is not None:  # each row of the form is rounded to a tiyn, law rounds once
        assert abs(Decimal(total.text or "0") - fee.value) <= Decimal("0.01") * (rows + 1)
