"""Where tables and sheets of forms get their rows: a name in an edition, a function here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from salyq.forms.asked import Asked
from salyq.forms.filled import Row, SheetData
from salyq.forms.model import Edition
from salyq.forms.rows.holdings import year_end_holdings
from salyq.forms.rows.officials import purchases_of_an_official, sales_of_an_official
from salyq.forms.rows.operations import operations_of_the_year
from salyq.forms.rows.power import bought_power, own_power

RowSource = Callable[[Asked, Edition], list[Row]]
SheetSource = Callable[[Asked, Mapping[str, int]], list[SheetData]]

ROWS: dict[str, RowSource] = {
    "operations_of_the_year": operations_of_the_year,
    "year_end_holdings": year_end_holdings,
    "purchases_of_an_official": purchases_of_an_official,
    "sales_of_an_official": sales_of_an_official,
}
SHEETS: dict[str, SheetSource] = {"bought_power": bought_power, "own_power": own_power}
