"""Rows of a table that a mapping file describes, as neutral records. It decides no law and guesses nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo

from salyq.civil.currencies import is_currency
from salyq.civil.numbers import round_half_up
from salyq.records.kinds import BY_VALUE, IN, KINDS, NONE, OUT
from salyq.records.model import UNIT, Record
from salyq.records.reading import Rule, Tells, Yields, rule
from salyq.sources.book import Book
from salyq.sources.format import Column, Facts, Format, Handler, RowError, yields
from salyq.sources.habits.pairs import split_pair
from salyq.sources.habits.rows import At, Side, VenueRows
from salyq.sources.habits.rules import FIAT, OTHER_STATE, TOTAL, ZERO
from salyq.sources.habits.small_units import whole_coins
from salyq.sources.habits.time_pattern import time_parser, zone_of
from salyq.sources.habits.totals import says_total
from salyq.sources.habits.written_number import written_number
from salyq.sources.mapping.model import IGNORE, RECORDS, TRADE, Mapping, Target
from salyq.sources.mapping.tables import SHAPES, table_format

LEFT_OUT = rule(
    "mapping_ignore",
    kk="сәйкестік файлы бұл жолдарды ескермейді",
    ru="файл сопоставления оставляет такие строки без учёта",
    en="the mapping file leaves such rows out",
)


_BY_SIDES = Target(TRADE, TRADE)
_MONEY_MOVES = ("transfer_in", "transfer_out", "fee")


def mapped_format(mapping: Mapping) -> Format:
    """The reader that a mapping is. Its columns are the titles it names, all of them required."""

    def start(book: Book, _facts: Facts) -> Handler:
        return MappedRows(book, mapping)

    own = None if mapping.table == RECORDS else SHAPES[mapping.table].form
    columns = []
    for title in mapping.titles():
        base, mark, nth = title.rpartition("#")  # "Cur.#2": the second column of that title
        twice = bool(mark) and nth.isdigit() and 1 <= int(nth[:3]) <= 200
        columns.append(Column(title, (base,), nth=int(nth[:3])) if twice else Column(title, (title,)))
    return Format(
        f"mapping:{mapping.name}",
        tuple(columns),
        start if own is None else table_format(mapping),
        tells=Tells.FILLS,
        yields=yields(Yields.RECORDS) if own is None else own.yields,
        ignores=(LEFT_OUT, OTHER_STATE),
        page="docs/sources/mapping.md",
        taught=True,
    )


class MappedRows:
    """The row handler of a mapping."""

    def __init__(self, book: Book, mapping: Mapping) -> None:
        self.book, self.mapping = book, mapping
        places = {title: n for n, title in enumerate(mapping.titles())}
        self.places = {name: [places[t] for t in titles] for name, titles in mapping.columns.items()}
        self.only = [(places[t], {w.casefold() for w in words}) for t, words in mapping.only.items()]
        self.parsers = [p for p in map(time_parser, mapping.formats) if p is not None]
        self.clocks: dict[str, Callable[[str], datetime]] = {}
        self.deals: dict[str, VenueRows] = {}
        self.always = self.target(mapping.always.get("kind", ""))
        self.cells: tuple[str, ...] = ()

    # --- cells --------------------------------------------------------------------------------------------------------

    def text(self, name: str) -> str:
        """A field's own cells, joined by a blank, else what always holds."""
        places = self.places.get(name)
        found = " ".join([c for c in [self.cells[p] for p in places] if c]) if places else ""
        return found or self.mapping.always.get(name, "")

    def title(self, name: str) -> str:
        """What a rejection calls a field: the title in the file."""
        return " + ".join(self.mapping.columns.get(name, (name,)))

    def number(self, name: str, unit: str = "") -> tuple[int, str] | None:
        """(10⁻¹⁸, its unit or ""), or None for an empty cell. `unit`: what the row elsewhere says it is counted in."""
        text = self.text(name)
        if text in ("", "-", "--", "—"):
            return None
        coins = (unit,) if unit else ()
        amount, glued = written_number(text, self.title(name), self.mapping.decimal, self.mapping.thousands, coins)
        amount = whole_coins(amount, self.title(name), text)
        if unit and glued and glued != unit:
            raise RowError(self.title(name), text, "mapping_other_unit", unit=unit)
        return amount, unit or glued

    def code(self, name: str) -> str:
        text = self.text(name)
        return self.book.code(text, self.title(name)) if text else ""

    def when(self) -> tuple[datetime, date]:
        text, zone_text = self.text("time"), self.text("zone")
        if not text:
            raise RowError(self.title("time"), None, "row_cell_missing", column=self.title("time"))
        clock = self.clocks.get(zone_text)
        if clock is None:
            zone = zone_of(zone_text) if zone_text else self.mapping.zone
            if zone_text and zone is None:
                raise RowError(self.title("zone"), zone_text, "mapping_bad_zone")
            clock = self.clocks[zone_text] = self.clock(zone)
        try:
            return self.book.venue_time(f"{zone_text}\n{text}", lambda _: clock(text), self.title("time"))
        except RowError:
            formats = ", ".join(self.mapping.formats)
            raise RowError(self.title("time"), text, "mapping_time_not_so", formats=formats) from None

    def clock(self, zone: tzinfo | None) -> Callable[[str], datetime]:
        def parse(text: str) -> datetime:
            plain = text.replace("\u00a0", " ").replace("\u202f", " ")
            for parser in self.parsers:
                try:
                    moment = parser(plain)
                except (ValueError, KeyError):
                    continue
                if moment.tzinfo is None:
                    if zone is None:
                        raise ValueError("no zone")
                    moment = moment.replace(tzinfo=zone)
                if not 2009 <= moment.year <= 2199:  # no coin is older
                    raise ValueError("year out of range")
                return moment.astimezone(UTC)
            raise ValueError("not so written")

        return parse

    def target(self, text: str) -> Target:
        first, _, second = text.partition("/")
        return Target(first.strip(), (second or first).strip()) if text else _BY_SIDES

    # --- rows ---------------------------------------------------------------------------------------------------------

    def row(self, cells: tuple[str, ...], line: int) -> Rule | bool | None:
        self.cells = cells
        if says_total(cells) and not any(c.isdigit() for c in self.text("time")):
            return TOTAL
        time, day = self.when()
        if any(cells[place].casefold() not in words for place, words in self.only):
            return OTHER_STATE
        target, word = self.always, ""
        if "kind" in self.places:
            word = self.text("kind")
            found = self.mapping.kinds.get(word.casefold())
            if found is None and word != self.mapping.always.get("kind"):  # an empty cell: what always holds
                raise RowError(self.title("kind"), word or None, "mapping_unknown_kind", mapping=self.mapping.file)
            target = found or self.always
        if target.incoming == IGNORE:
            return LEFT_OUT
        at = At(line, time, day, self.text("note") or word or None, self.text("id") or None, self.text("hash") or None)
        at = at._replace(counterparty=self.text("counterparty") or None)
        if "in_quantity" in self.places or "out_quantity" in self.places:
            return self.by_sides(at, target)
        return self.by_sign(at, target)

    def by_sides(self, at: At, target: Target) -> Rule | bool:
        """A row with a side for what came in and one for what went out."""
        taken, given = self.side("in"), self.side("out")
        if taken and given:
            fee = self.fee()
            order, document = self.text("group") or None, self.text("document") or None
            records = self.book.reading.records
            before = len(records)
            result = self.dealer().deal(at, given, taken, [fee] if fee else [], group=order or "", order=order)
            records[before:] = [made._replace(document=document) for made in records[before:]]
            return result
        side = taken or given
        if side is None:
            return ZERO
        kind = target.incoming if taken else target.outgoing
        if kind == TRADE:
            missing = self.title("out_quantity" if taken else "in_quantity")
            raise RowError(missing, None, "mapping_trade_needs_sides")
        return self.record(at, kind, side.asset, side.quantity, incoming=taken is not None)

    def side(self, which: str) -> Side | None:
        asset = self.code(f"{which}_asset")
        found = self.number(f"{which}_quantity", asset)
        if found is None or found[0] == 0:
            return None
        unit = found[1]
        if not unit:
            name = self.title(f"{which}_asset")
            raise RowError(name, None, "row_cell_missing", column=name)
        return Side(unit, abs(found[0]))

    def by_sign(self, at: At, target: Target) -> Rule | bool:
        """A row with one quantity, whose sign may say where it went."""
        pair = self.text("pair")
        hints = [self.code("fee_asset"), self.code("currency")]
        base, quote = split_pair(pair, self.title("pair"), hints) if pair else ("", "")
        asset = self.code("asset") or base
        found = self.number("quantity", asset)
        if found is None:
            raise RowError(self.title("quantity"), None, "row_cell_missing", column=self.title("quantity"))
        number, asset = found
        if not asset:
            raise RowError(self.title("asset"), None, "row_cell_missing", column=self.title("asset"))
        if number == 0:
            return ZERO
        two_ways = target.incoming != target.outgoing
        kind = target.incoming if number > 0 else target.outgoing
        if kind == TRADE:
            raise RowError(self.title("kind"), self.text("kind") or None, "mapping_trade_needs_sides")
        checked = self.mapping.signs == "check" and not two_ways
        if checked and number < 0 and KINDS[kind].direction == IN:
            raise RowError(self.title("quantity"), self.text("quantity"), "mapping_wrong_sign", kind=kind)
        return self.record(at, kind, asset, abs(number), incoming=KINDS[kind].direction == IN, quote=quote)

    def record(self, at: At, kind: str, asset: str, quantity: int, *, incoming: bool, quote: str = "") -> Rule | bool:
        """One neutral record of `quantity` > 0, with what its kind needs."""
        what = KINDS[kind]
        if what.direction not in (IN if incoming else OUT, BY_VALUE, NONE):
            raise RowError(self.title("kind"), self.text("kind") or None, "mapping_wrong_sign", kind=kind)
        if is_currency(asset):
            if kind in _MONEY_MOVES:
                return FIAT
            raise RowError(self.title("asset"), asset, "row_asset_is_money")
        currency = self.code("currency") or quote
        value = self.value(quantity, signed=what.direction == BY_VALUE, currency=currency)
        fee = self.fee()
        if value is not None:
            currency = value[1]
            if not currency:
                raise RowError(self.title("currency"), None, "row_value_without_currency")
        amount = None if value is None else self.money(value[0], currency, at.line)
        made = Record(
            at.time,
            at.day,
            kind,
            asset,
            quantity,
            amount,
            currency if amount is not None else None,
            self.money(fee[0], fee[1], at.line) if fee else None,
            fee[1] if fee else None,
            self.text("account") or self.mapping.name,
            at.counterparty,
            self.text("group") or None,
            at.id,
            at.note,
            self.text("document") or None,
            hash=at.hash,
            source=self.book.source(at.line),
        )
        for name in what.required:
            if getattr(made, name) is None and not (kind == "buy" and made.document == "none"):
                raise RowError(self.title(name), None, "row_kind_needs", kind=kind, column=name)
        self.book.reading.records.append(made)
        return True

    def value(self, quantity: int, *, signed: bool, currency: str) -> tuple[int, str] | None:
        """(worth of the whole quantity, its unit): the value as it stands, else price times quantity."""
        found = self.number("value", currency)
        if found is None:
            price = self.number("price", currency)
            if price is None:
                return None
            found = round_half_up(price[0] * quantity, UNIT), price[1]
        return (found[0] if signed else abs(found[0])), found[1]

    def fee(self) -> tuple[int, str] | None:
        """(fee, what it was paid in). A fee is what was paid, whatever its sign."""
        asset = self.code("fee_asset")
        found = self.number("fee", asset)
        if found is None or found[0] == 0:
            return None
        unit = found[1]
        if not unit:
            raise RowError(self.title("fee_asset"), None, "row_fee_without_asset")
        return abs(found[0]), unit

    def money(self, amount: int, currency: str, line: int) -> int:
        return self.book.tenge(amount, line) if currency == "KZT" else amount

    def dealer(self) -> VenueRows:
        account = self.text("account") or self.mapping.name
        found = self.deals.get(account)
        if found is None:
            found = self.deals[account] = VenueRows(self.book, account)
        return found

    def finish(self) -> None:
        """Rows stand alone."""
