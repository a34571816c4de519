"""Pools and exchanges of years without an article of their own: general rules of income (figures by hand)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from salyq.app.api import assess
from salyq.facts.case import read_case

HEAD = "time,kind,asset,quantity,value,currency,fee,fee_asset,account,document\n"
RECEIVED = (  # 1 BTC received for services at 3,000,000 and sold for 3,500,000: 20 % of 3,000,000 + 500,000
    "{y}-05-20T10:00:00+05:00,earned,BTC,1,3000000,KZT,,,aix,act\n"
    "{y}-10-01T10:00:00+05:00,sell,BTC,1,3500000,KZT,,,aix,\n"
)
PAID = (  # a fee of 0.01 BTC, bought at 4,000,000 a coin: 20 % of 6,000,000 - 4,000,000 - 40,000
    "{y}-02-01T10:00:00+05:00,buy,BTC,1.01,4040000,KZT,,,aix,bill\n"
    "{y}-08-01T10:00:00+05:00,sell,BTC,1,6000000,KZT,0.01,BTC,aix,\n"
)


@pytest.mark.parametrize("year", [2019, 2020])
@pytest.mark.parametrize("kind", ["pool", "exchange"])
@pytest.mark.parametrize(("rows", "tax"), [(RECEIVED, "700000.00"), (PAID, "392000.00")])
def test_fees_in_coins(tmp_path: Path, kind: str, year: int, rows: str, tax: str) -> None:
    account = 'name = "aix"\ncountry = "KZ"\naifc_exchange = true\nown = true\n'
    person = f'id = "210840900564"\nkind = "{kind}"\nresident = true\n[[account]]\n{account}'
    (tmp_path / "person.toml").write_text(person, encoding="utf-8")
    (tmp_path / "r.csv").write_text(HEAD + rows.format(y=year), encoding="utf-8")
    found = {f.name: f.value for f in assess(read_case(tmp_path), year).figures}
    assert found["corporate_income_tax.tax"] == Decimal(tax)
