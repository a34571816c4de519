"""Drafting a mapping file from the header and the first rows of an unknown table. What cannot be told is left open
with a remark; nothing here is used to read a file before a person has looked at it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from salyq.civil.currencies import is_currency
from salyq.civil.errors import InputError
from salyq.civil.messages import Message
from salyq.records.kinds import KINDS as OWN_KINDS
from salyq.records.reading import Reading
from salyq.sources.habits.cells import SIGNS
from salyq.sources.habits.small_units import parts_of, without_parts
from salyq.sources.habits.time_pattern import time_parser
from salyq.sources.habits.words import meant
from salyq.sources.habits.written_number import written_number
from salyq.sources.mapping.file import read_mapping
from salyq.sources.mapping.guess_tables import by_contents, table_of
from salyq.sources.mapping.guess_words import DONE, FAILED, KINDS, STATUS, TITLES, listed, plain
from salyq.sources.mapping.model import NUMBERS, RECORDS
from salyq.sources.mapping.rows import mapped_format
from salyq.sources.mapping.sample import Sample, sample
from salyq.sources.mapping.tables import SHAPES
from salyq.sources.readers.own.expenses import CATEGORIES
from salyq.sources.tables.table import read_table

_WRITTEN = """
    iso|unix|unix_ms|DD.MM.YYYY HH:mm:ss|DD.MM.YYYY H:mm|DD.MM.YYYY H:mm:ss|DD.MM.YYYY|DD.MM.YYYY, HH:mm:ss|
    DD.MM.YYYY, HH:mm|DD.MM.YY H:mm|DD.MM.YY HH:mm:ss|YYYY/M/D H:mm:ss|YYYY/M/D H:mm|YYYY/M/D|YYYY-M-D H:mm:ss|
    YYYY-M-D H:mm|YYYY.MM.DD HH:mm:ss|YY-M-D H:mm:ss|YYYY-MM-DD HH:mm:ss Z|YYYY-MM-DDTHH:mm:ssZ|YYYYMMDD|
    M/D/YYYY h:mm:ss A|M/D/YYYY, h:mm:ss A|M/D/YYYY h:mm A|M/D/YYYY, h:mm A|M/D/YYYY H:mm:ss|M/D/YYYY H:mm|M/D/YYYY|
    D/M/YYYY H:mm:ss|D/M/YYYY, H:mm:ss|D/M/YYYY H:mm|D/M/YYYY|D/M/YYYY h:mm:ss A|D/M/YYYY h:mm A|
    MMM D, YYYY h:mm:ss A|MMM D, YYYY, h:mm A|MMM D, YYYY H:mm:ss|MMM D, YYYY|
    D MMM YYYY H:mm:ss|D MMM YYYY H:mm|D MMM YYYY
"""
_PATTERNS = tuple([pattern.strip() for pattern in _WRITTEN.split("|")])
_ZONE = re.compile(r"(?:UTC|GMT)\s?(?:[+-]\s?\d{1,2}(?::\d{2})?)?", re.IGNORECASE)
_MOST_WORDS = 60
_MOST_REASONS = 5
OUTCOME = "# → "  # before each line of what the draft would read
_HABITS = ((".", ""), (".", ","), (",", ""), (",", " "), (".", " "), (",", "."), (".", "'"))


class Line(NamedTuple):
    """A line of the draft and a remark after it."""

    toml: str
    remark: Message | None = None


def draft_mapping(path: Path, name: str, lang: str = "en") -> str:
    """The text of a mapping file for a table. `lang`: of its remarks. InputError as `sample`."""
    lines = _Draft(sample(path, name), path).lines()
    shown = [f"{line.toml}  # {line.remark.text(lang)}".strip() if line.remark else line.toml for line in lines]
    text = "\n".join(shown) + "\n"
    return text + "\n" + "".join([f"{OUTCOME}{line}\n" for line in _outcome(text, path, name, lang)])


def _outcome(text: str, path: Path, name: str, lang: str) -> list[str]:
    """What the table would become by the draft as it stands: rows, and why the rejected ones are."""
    with TemporaryDirectory() as folder:
        place = Path(folder) / "draft.mapping.toml"
        place.write_text(text, encoding="utf-8")
        reading = Reading()
        try:
            read_table(path, name, (mapped_format(read_mapping(place, place.name)),), reading, None)
        except InputError as error:
            why = " ".join(x for x in (error.column, error.message.text(lang)) if x)
            return [Message("guess_would_not", {"why": why}).text(lang)]
    counts = {
        "read": sum(f.read for f in reading.files),
        "used": sum(f.used for f in reading.files),
        "ignored": sum(sum(f.ignored.values()) for f in reading.files),
        "rejected": sum(len(f.rejected) for f in reading.files),
    }
    found = [Message("guess_would_read", counts).text(lang)]
    why_not = Counter(f"{r.column or ''}: {r.reason.text(lang)}" for f in reading.files for r in f.rejected)
    found += [f"  {count} × {reason}" for reason, count in why_not.most_common(_MOST_REASONS)]
    rules = {rule: words for f in reading.files for rule, words in f.rules.items()}
    left = sum((f.ignored for f in reading.files), Counter[str]())
    return found + [f"  {count} × {rule}: {rules[rule].text(lang)}" for rule, count in left.most_common(_MOST_REASONS)]


def toml_text(text: str) -> str:
    """A TOML string in quotes."""
    safe = "".join([c if c.isprintable() and c not in '"\\' else f"\\U{ord(c):08x}" for c in text])
    return f'"{safe}"'


_CURRENCIES = {sign: code for sign, code in SIGNS.items() if is_currency(code)}
_CURRENCIES |= {code.casefold(): code for code in _CURRENCIES.values()}
_IN_CURRENCY = re.compile(
    r"([^,;(]{1,60}?)(?: ?[,;(] ?(?:в )?| в )(" + "|".join(re.escape(x) for x in _CURRENCIES) + r")\.?\)?",
    re.IGNORECASE,
)


class _Draft:
    def __init__(self, table: Sample, path: Path) -> None:
        self.table, self.path = table, path
        self.own, fields = table_of(table.titles, table.rows)
        self.columns = fields or _columns(table.titles)
        self.told: list[str] = []  # by their cells, not by a title
        self.money = ""  # the currency that the title of the sums names
        if self.own != RECORDS:
            return
        self.value_with_currency()
        for name in ("kind", "asset", "quantity"):
            if name not in self.columns and not self.two_sided() and not (name == "asset" and "pair" in self.columns):
                place = by_contents(name, table.titles, table.rows, self.columns)
                if place is not None:
                    self.columns[name] = place
                    self.told.append(name)
        if "in_quantity" not in self.columns and "out_quantity" not in self.columns:
            for name in ("in_asset", "out_asset"):
                self.columns.pop(name, None)
        elif self.columns.get("quantity"):
            self.columns.pop("quantity")

    def value_with_currency(self) -> None:
        """A column of sums whose title ends in their currency: «Сумма, тг»."""
        for n, title in enumerate(self.table.titles):
            found = _IN_CURRENCY.fullmatch(title.strip()[:100])
            mine = self.columns.get("value", n) == n and (n not in self.columns.values() or "value" in self.columns)
            if found and mine and plain(found[1]) in listed(TITLES["value"]):
                self.columns["value"], self.money = n, _CURRENCIES[found[2].casefold()]
                return

    def cells(self, name: str) -> list[str]:
        """The filled cells of a field's column."""
        place = self.columns.get(name)
        return [] if place is None else [row[place] for row in self.table.rows if row[place]]

    def lines(self) -> list[Line]:
        account = self.path.name.partition(".")[0][:60] or "account"
        found = [Line("", Message("guess_head", {"file": self.path.name}))]
        found.append(Line(f"table = {toml_text(self.own)}", Message(f"guess_table_{self.own}")))
        found += [Line(f"files = [{toml_text(self.path.name)}]"), Line("")] if self.own != RECORDS else [Line("")]
        found.append(Line("[columns]"))
        for name, n in self.columns.items():
            remark = Message("guess_by_cells") if name in self.told else None
            found.append(Line(f"{name} = {toml_text(self.table.titles[n])}", remark))
        if self.own != RECORDS:
            return [
                *found,
                *self.unused(),
                *self.own_always(),
                *self.days(),
                *self.own_numbers(),
                *self.words(),
                *self.only(),
            ]
        for name in ("time", *(() if self.two_sided() else ("quantity",))):
            if name not in self.columns:
                found.append(Line(f'# {name} = ""', Message("guess_choose_column")))
        found += self.unused()
        return [*found, *self.always(account), *self.time(), *self.numbers(), *self.kinds(), *self.only()]

    def unused(self) -> list[Line]:
        unused = [toml_text(t) for n, t in enumerate(self.table.titles) if n not in self.columns.values() and t]
        return [Line("# " + ", ".join(unused), Message("guess_unused"))] if unused else []

    # --- own tables other than records --------------------------------------------------------------------------------

    def own_always(self) -> list[Line]:
        """What such a table often does not say, as lines to fill."""
        asks = {
            "energy": ('max_power_kw = "100"', 'own_plant = "no"', 'renewable = "no"', 'grid_connected = "yes"'),
            "expenses": ('currency = "KZT"', 'activity = "mining"'),
            "payouts": ('pool = "…"', 'asset = "BTC"'),
            "payments": (),
            "exchange_rates": ('kind = "official"', 'quantity = "1"'),
            "asset_values": ('kind = "market"',),
        }
        open_ = [ask for ask in asks[self.own] if ask.partition(" ")[0] not in self.columns]
        if not open_:
            return []
        remarks = [Message("guess_fill")] + [None] * len(open_)
        return [Line(""), Line("[always]"), *[Line(f"# {a}", r) for a, r in zip(open_, remarks, strict=False)]]

    def days(self) -> list[Line]:
        cells = [cell for name in ("date", "start", "end") for cell in self.cells(name)]
        cells = [cell for cell in cells if any(c.isdigit() for c in cell)]  # not the line of totals
        if not cells:
            return []
        fitting = [p for p in _PATTERNS if sum(_reads_all(p, [cell]) for cell in cells) * 10 >= 9 * len(cells)]
        remark = None if fitting else Message("guess_time_format")
        swapped = [p for p in fitting if p.startswith("D/M/")]
        if swapped and fitting[0].startswith("M/D/"):
            remark = Message("guess_day_or_month", {"other": swapped[0]})
        return [Line(""), Line("[time]"), Line(f"format = {toml_text(fitting[0] if fitting else 'iso')}", remark)]

    def own_numbers(self) -> list[Line]:
        return self.number_lines([cell for name in SHAPES[self.own].numbers for cell in self.cells(name)], set())

    def words(self) -> list[Line]:
        """Words of closed lists that our own formats do not know by themselves."""
        lists = {"category": CATEGORIES, "meter_state": ("ok", "missing", "faulty")}
        found: list[Line] = []
        for name, choices in lists.items():
            seen = dict.fromkeys(self.cells(name))
            strange = [word for word in seen if meant(word, name, choices) is None][:_MOST_WORDS]
            if strange:
                remark = Message("guess_words", {"choices": ", ".join(choices)})
                found += [Line(""), Line(f"[words.{name}]", remark)]
                found += [Line(f"# {toml_text(word)} = {toml_text('')}") for word in strange]
        return found

    # --- records ------------------------------------------------------------------------------------------------------

    def always(self, account: str) -> list[Line]:
        found = [Line(""), Line("[always]"), Line(f"account = {toml_text(account)}")]
        if "kind" not in self.columns or (self.two_sided() and len(self.cells("kind")) < len(self.table.rows)):
            known = "transfer_in / transfer_out" if self.two_sided() else ""
            found.append(Line(f'{"" if known else "# "}kind = "{known}"', Message("guess_choose_kind")))
        if not {"asset", "pair"} & set(self.columns) and not self.two_sided():
            found.append(Line('# asset = "BTC"', Message("guess_choose_asset")))
        if "value" in self.columns and not {"currency", "pair"} & set(self.columns):
            stated = Line(f'currency = "{self.money}"')
            found.append(stated if self.money else Line('# currency = "KZT"', Message("guess_choose_currency")))
        if "fee" in self.columns and "fee_asset" not in self.columns:
            title = self.table.titles[self.columns["fee"]].strip()[:100]
            paid, small = _IN_CURRENCY.fullmatch(title), parts_of(title)
            unit = _CURRENCIES[paid[2].casefold()] if paid else small.coin if small else ""
            line = f'fee_asset = "{unit}"' if unit else '# fee_asset = "KZT"'
            found.append(Line(line, None if unit else Message("guess_choose_currency")))
        return found

    def two_sided(self) -> bool:
        return bool({"in_quantity", "out_quantity"} & set(self.columns))

    def time(self) -> list[Line]:
        cells = self.cells("time")
        fitting = [p for p in _PATTERNS if cells and _reads_all(p, cells)]
        remark = None if fitting else Message("guess_time_format")
        swapped = [p for p in fitting if p.startswith("D/M/")]
        if swapped and fitting[0].startswith("M/D/"):
            remark = Message("guess_day_or_month", {"other": swapped[0]})
        lines = [Line(""), Line("[time]"), Line(f"format = {toml_text(fitting[0] if fitting else 'iso')}", remark)]
        title = self.table.titles[self.columns["time"]] if "time" in self.columns else ""
        stated = _ZONE.search(title) or (_ZONE.search(cells[0]) if cells else None)
        if "zone" in self.columns or (cells and all(_has_offset(fitting[:1], cell) for cell in cells)):
            return lines
        zone = re.sub(r"\s", "", stated.group().upper()) if stated else "UTC"
        return [*lines, Line(f"zone = {toml_text(zone)}", None if stated else Message("guess_zone"))]

    def numbers(self) -> list[Line]:
        coins = set(self.cells("asset")) | set(self.cells("currency"))
        return self.number_lines([cell for name in NUMBERS for cell in self.cells(name)], coins)

    def number_lines(self, cells: Sequence[str], coins: set[str]) -> list[Line]:
        fits = {habit: sum(_reads(cell, habit, coins) for cell in cells) for habit in _HABITS}
        decimal, thousands = max(_HABITS, key=lambda habit: fits[habit]) if cells else _HABITS[0]
        best = fits[decimal, thousands]
        others = [h for h in _HABITS if fits[h] == best and h[0] != decimal]
        marked = any("," in cell or "." in cell for cell in cells)
        remark = Message("guess_decimal") if marked and others else None
        return [
            Line(""),
            Line("[numbers]"),
            Line(f"decimal = {toml_text(decimal)}", remark),
            Line(f"thousands = {toml_text(thousands)}"),
        ]

    def kinds(self) -> list[Line]:
        if "kind" not in self.columns:
            return []
        known = {word: kind for kind, words in KINDS.items() for word in listed(words)}
        lines = [Line(""), Line("[kinds]", Message("guess_kinds"))]
        for word, _ in Counter(cell.casefold() for cell in self.cells("kind")).most_common(_MOST_WORDS):
            spelt = next(cell for cell in self.cells("kind") if cell.casefold() == word)
            kind = known.get(plain(word)) or meant(spelt, "kind", OWN_KINDS)
            if kind == "trade" and not self.two_sided():
                kind = None
            open_, remark = ("", None) if kind else ("# ", Message("guess_kind_unknown"))
            lines.append(Line(f"{open_}{toml_text(spelt)} = {toml_text(kind or 'ignore')}", remark))
        return lines

    def only(self) -> list[Line]:
        place = next((n for n, t in enumerate(self.table.titles) if plain(t) in listed(STATUS)), None)
        if place is None or place in self.columns.values():
            return []
        words = dict.fromkeys(row[place] for row in self.table.rows if row[place])
        failed = [word for word in words if _says(word, FAILED) or {"not", "не", "емес"} & set(plain(word).split())]
        rest = [word for word in words if word not in failed]
        unsure = [word for word in rest if not _says(word, DONE)]
        if not failed or not rest:  # nothing to leave out, or nothing that would be left
            return []
        title = toml_text(self.table.titles[place])
        remark = Message("guess_only_unsure", {"words": ", ".join(unsure)}) if unsure else None
        line = Line(f"{title} = [{', '.join(map(toml_text, rest))}]", remark)
        return [Line(""), Line("[only]", Message("guess_only")), line]


def _says(text: str, words: str) -> bool:
    """Whether a state is one of `words`, or begins as one of them does."""
    said = plain(text)
    known = listed(words)
    return said in known or any(part.startswith(word) for part in said.split() for word in known if len(word) > 4)


def _columns(titles: Sequence[str]) -> dict[str, int]:
    """Field -> place, each place for one field; the best title of a field wins, earlier fields first."""
    stated = [_IN_CURRENCY.fullmatch(title.strip()[:100]) for title in titles]
    names = [plain(told[1] if told else without_parts(title)) for told, title in zip(stated, titles, strict=True)]
    money = {n for n, told in enumerate(stated) if told}
    found: dict[str, int] = {}
    for field, words in TITLES.items():
        for word in listed(words):
            free = (n for n, name in enumerate(names) if name == word and n not in found.values())
            place = next((n for n in free if field != "quantity" or n not in money), None)
            if place is not None:
                found[field] = place
                break
    return found


def _reads_all(pattern: str, cells: Iterable[str]) -> bool:
    parser = time_parser(pattern)
    return parser is not None and all(_moment(parser, cell) is not None for cell in cells)


def _moment(parser: Callable[[str], datetime], cell: str) -> datetime | None:
    try:
        moment = parser(cell)
    except (ValueError, OverflowError, KeyError):
        return None
    return moment if 2009 <= moment.year <= 2199 else None


def _has_offset(patterns: Sequence[str], cell: str) -> bool:
    for pattern in patterns:
        parser = time_parser(pattern)
        moment = _moment(parser, cell) if parser else None
        if moment is not None and moment.tzinfo is not None:
            return True
    return False


def _reads(cell: str, habit: tuple[str, str], coins: Iterable[str]) -> bool:
    from salyq.sources.format import RowError

    try:
        written_number(cell, "", *habit, coins)
    except RowError:
        return False
    return True
