import csv
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from salyq.present.as_csv import guard, table_csv


def test_formulas_are_guarded_and_numbers_stay_numbers():
    assert guard("=HYPERLINK()") == "'=HYPERLINK()"
    assert guard("@SUM") == "'@SUM"
    assert guard("-1+cmd") == "'-1+cmd"
    assert guard("-12.50") == "-12.50"
    assert guard("12.50") == "12.50"


@given(st.text())
def test_no_cell_begins_a_formula(text):
    cell = guard(text)
    assert not cell.startswith(("=", "+", "@", "\t", "\r"))


def test_header_and_absent_cells():
    text = table_csv(["a", "b"], [{"a": 'x,"y"'}])
    assert list(csv.reader(StringIO(text))) == [["a", "b"], ['x,"y"', ""]]
