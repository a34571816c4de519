"""What law is written with: the operations and the types of arguments and results, in one place to import from."""

from salyq.rulebook.node import LawError, Node, NotInForce, Rows, Symbols, lift
from salyq.rulebook.ops.choices import bounded, choose, doubt, excepted, known_or, stated_or_zero, when, widened
from salyq.rulebook.ops.dates import (
    add_days,
    add_hours,
    add_months,
    add_working_days,
    add_years,
    after,
    before,
    day_of,
    days_between,
    deadline_of,
    is_working_day,
    last_working_day,
    midnight,
    next_working_day,
    working_days_between,
    year_of,
)
from salyq.rulebook.ops.leaves import cited, given, lookup, unknown
from salyq.rulebook.ops.numbers import as_money, floor0, largest, part, rounded, scale, smallest, worth
from salyq.rulebook.ops.tables import by_word, table
from salyq.rulebook.units import UNITS

__all__ = [
    "UNITS",
    "Amount",
    "Count",
    "Day",
    "Dollars",
    "Election",
    "Energy",
    "Exact",
    "Flag",
    "HashRate",
    "LawError",
    "Money",
    "Multiple",
    "Node",
    "NotInForce",
    "Persons",
    "Power",
    "Price",
    "Quantity",
    "Rate",
    "Ratio",
    "Rows",
    "Scale",
    "Set",
    "Symbols",
    "Table",
    "Tariff",
    "Term",
    "Text",
    "Time",
    "Words",
    "Worth",
    "add_days",
    "add_hours",
    "add_months",
    "add_working_days",
    "add_years",
    "after",
    "as_money",
    "before",
    "bounded",
    "by_word",
    "choose",
    "cited",
    "day_of",
    "days_between",
    "deadline_of",
    "doubt",
    "excepted",
    "floor0",
    "given",
    "is_working_day",
    "known_or",
    "largest",
    "last_working_day",
    "lift",
    "lookup",
    "midnight",
    "next_working_day",
    "part",
    "rounded",
    "scale",
    "smallest",
    "stated_or_zero",
    "table",
    "unknown",
    "when",
    "widened",
    "working_days_between",
    "worth",
    "year_of",
]

# Types of a rule's arguments and result: all are symbols. What unit each means is declared beside the unit.
Money = Node
Exact = Node
Amount = Node
Quantity = Node
Energy = Node
Tariff = Node
Price = Node
Rate = Node
Ratio = Node
Multiple = Node
Count = Node
Dollars = Node
Power = Node
HashRate = Node
Persons = Node
Day = Node
Time = Node
Term = Node
Text = Node
Flag = Node
Worth = Node
Election = Node
Scale = Node
Table = Node
Words = Node
Set = Node
