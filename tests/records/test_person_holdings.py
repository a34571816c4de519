"""[[holding]] of person.toml: what the person says is held."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from salyq.civil.errors import InputError
from salyq.law.facts import STATED
from salyq.records.model import UNIT
from salyq.records.person import Declared
from salyq.records.person_file import read_person

TOP = 'id = "900101300017"\nkind = "individual"\n\n[[holding]]\n'


def person(path: Path, text: str) -> tuple[Declared, ...]:
    path.write_text(TOP + text, encoding="utf-8")
    return read_person(path, STATED).holdings


def test_declared_holdings(tmp_path: Path) -> None:
    text = 'on = 2025-12-31\naccount = "w"\nasset = "btc"\nquantity = "0.5"\n\n[[holding]]\n'
    text += 'on = 2025-12-31\nasset = "ETH"\nquantity = 2\n'
    assert person(tmp_path / "person.toml", text) == (
        Declared(date(2025, 12, 31), "w", "BTC", UNIT // 2, 4),
        Declared(date(2025, 12, 31), None, "ETH", 2 * UNIT, 10),
    )


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ('asset = "BTC"\nquantity = "1"\n', 4, "person_key_missing"),
        ('on = 2025-12-31\nasset = "BTC"\nquantity = "-1"\n', 7, "person_holding_quantity"),
        ('on = 2025-12-31\nasset = "BTC"\nquantity = 1.5\n', 7, "person_holding_quantity"),
        ('on = 2025-12-31\nasset = "BTC"\nquantity = "1e5"\n', 7, "person_bad_number"),
        ('on = 2025-12-31\nasset = "BTC"\nquantity = "1"\ncoin = "BTC"\n', 8, "person_unknown_key"),
    ],
)
def test_a_bad_holding_is_one_line(tmp_path: Path, text: str, line: int, code: str) -> None:
    with pytest.raises(InputError) as error:
        person(tmp_path / "person.toml", text)
    assert (error.value.message.code, error.value.line) == (code, line)
