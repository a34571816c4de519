"""Kinds of rows and of events, as typed classes: a fact that law asks about is declared once, here.

    class Transfer(Row):
        '''A transfer of digital assets.'''

        words = ("Аударым", "Перевод", "Transfer")
        amount_kzt: Money = fact("Сомасы", "Сумма", "Amount")
        asset_kind: Text = fact("Активтің түрі", "Вид актива", "Kind of asset", choices=("unsecured", "dfa_1"))
        breaches: Rows[Breach] = fact("Бұзушылықтар", "Нарушения", "Breaches")

The class gives rules their types (what it has not, `Symbols` resolves: a rule of that row), and is read as the `Kind`
that the rulebook works with. The annotation says the unit (units.TYPES), another kind (a reference), or `Rows[Kind]`.
A kind without a `parent` is a root: it has a `law_day`, the day whose law is asked for. `Transfer.given(amount_kzt=…)`
makes the columns of one row; what is left out is None, and unknown to law.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import make_dataclass
from typing import Any, ClassVar

from salyq.rulebook.law import Fact, Kind
from salyq.rulebook.scopes import LAW_DAY as LAW_DAY
from salyq.rulebook.units import TYPES, LawError

_LAW_DAY_WORDS = {"kk": "Заң алынатын күн", "ru": "День, на который берётся закон", "en": "Day whose law applies"}
_ROWS = re.compile(r"Rows\[(\w+)\]")
_HUMP = re.compile(r"(?<!^)(?=[A-Z])")


def fact(
    kk: str,
    ru: str,
    en: str,
    *,
    ask: tuple[str, str, str] | None = None,
    choices: tuple[str, ...] = (),
    stated: str = "",
    of: tuple[str, ...] = (),
    otherwise: object = None,
    told: bool = False,
) -> Any:
    """A given column, with its label in three languages. `ask` is the question for it, `choices` the only texts it can
    have. `stated`: where a person writes it ("year", or "account.low_tax" where the key is another name), `of` the
    kinds of person that it concerns (none: all), `otherwise` what it is where nothing is written (None: unknown).
    `told`: who reads an explanation of the row needs it, though no rule on the row's own value asks for it."""
    label = _words((kk, ru, en))
    return Fact(label, _words(ask) if ask else label, choices, stated, of, otherwise, told)


class _Given:
    """Makes the class of a kind's rows when it is first asked for: slots, one a column, None where nothing is given."""

    def __get__(self, _: object, owner: type[Row]) -> Any:
        columns = [(name, Any, None) for name in kind_of(owner).columns]
        made = make_dataclass(f"{owner.__name__}Given", columns, slots=True, eq=False)
        owner.given = made
        return made


class Row:
    """The base of all kinds. A subclass may say `words` (kk, ru, en: what one is called), `parent` (the kind it stands
    in), `earlier` (its rows may be of a day before the year assessed) and `daily` (one for every day of a span)."""

    words: ClassVar[tuple[str, str, str]]
    parent: ClassVar[str | None] = None
    earlier: ClassVar[bool] = False
    daily: ClassVar[bool] = False
    given: ClassVar[Any] = _Given()
    declared_as: ClassVar[Kind]

    def __init_subclass__(cls) -> None:
        cls.declared_as = _kind(cls)

    def __getattr__(self, name: str) -> Any:
        """Rules of the row, which only the graph knows."""
        raise AttributeError(name)


def kind_of(row: type[Row]) -> Kind:
    """A class of rows as the rulebook works with it."""
    return row.declared_as


def snake(name: str) -> str:
    """The kind that a class name means: `TradeReport` is trade_report."""
    return _HUMP.sub("_", name).lower()


def _kind(cls: type[Row]) -> Kind:
    columns: dict[str, str] = {}
    rows: dict[str, str] = {}
    refs: dict[str, str] = {}
    facts: dict[str, Fact] = {}
    if cls.parent is None:
        columns[LAW_DAY] = "day"
        facts[LAW_DAY] = Fact(_LAW_DAY_WORDS, _LAW_DAY_WORDS)
    for name, written in cls.__annotations__.items():
        if str(written).startswith("ClassVar"):
            continue
        declared = vars(cls).get(name)
        if not isinstance(declared, Fact):
            raise LawError(f"{cls.__name__}.{name}: a fact is declared as `{name}: Type = fact(kk, ru, en)`")
        facts[name] = declared
        many = _ROWS.fullmatch(str(written))
        if many:
            rows[name] = snake(many[1])
        elif written in TYPES:
            columns[name] = TYPES[str(written)]
        elif re.fullmatch(r"[A-Z]\w*", str(written)):
            refs[name] = snake(str(written))
        else:
            raise LawError(f"{cls.__name__}.{name}: {written} is no unit of law, no kind and no Rows[kind]")
    words = _words(cls.words) if "words" in vars(cls) else {}
    return Kind(snake(cls.__name__), cls.parent, columns, rows, refs, words, cls.earlier, cls.daily, facts)


def kinds_in(module: Any) -> list[Kind]:
    """The kinds that a module declares itself."""
    found = (t for t in vars(module).values() if isinstance(t, type) and issubclass(t, Row) and t is not Row)
    return [kind_of(t) for t in found if t.__module__ == module.__name__]


def _words(texts: tuple[str, str, str]) -> Mapping[str, str]:
    return dict(zip(("kk", "ru", "en"), texts, strict=True))
