"""A payment whose amount is not known says between which ends it lies, as the figure above it does."""

from pathlib import Path

import salyq
from salyq.present.short_text import short_page

PERSON = 'id = "900101300017"\nkind = "individual"\nresident = true\n'
ROWS = """time,kind,asset,quantity,value,currency,account,document
2025-03-14T11:00:00+05:00,transfer_in,BTC,0.1,,,wallet,
2026-02-02T15:20:00+05:00,sell,BTC,0.1,3900000,KZT,wallet,
2026-02-03T15:20:00+05:00,buy,ETH,1,1000000,KZT,wallet,contract
2026-02-04T15:20:00+05:00,sell,ETH,1,3000000,KZT,wallet,
"""


def test_the_payment_has_the_ends_of_the_tax(tmp_path: Path):
    (tmp_path / "person.toml").write_text(PERSON)
    (tmp_path / "records.csv").write_text(ROWS)
    a = salyq.assess(salyq.read_case(tmp_path), 2026)
    tax = next(f for f in a.figures if f.name == "personal_income_tax.tax_due")
    payment = next(o for o in a.obligations if o.name == "personal_income_tax.payment")
    assert tax.bounds is not None
    assert None not in tax.bounds
    assert payment.amount is None
    assert payment.bounds == tax.bounds
    row = next(x for x in short_page(a, "en").text().splitlines() if "payment" in x)
    assert "at least 200,000.00" in row
    assert "at most 590,000.00" in row
