"""What the National Bank answers for one day: XML with the root `rates`, one `item` a currency.

`title` is the code, `description` the rate in tenge, `quant` the units that the rate is for. The answer comes from
outside, so nothing in it is trusted: no document type, no entities, a limit on its size, and a day that must be the
one asked for.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from salyq.civil.messages import Message
from salyq.civil.numbers import NumberError, parse_scaled

if TYPE_CHECKING:
    from xml.sax.xmlreader import AttributesImpl, Locator

LARGEST = 1 << 20  # bytes; a real answer has some ten thousand
_CELLS = ("title", "description", "quant")


class FeedRate(NamedTuple):
    """`rate` tenge for `quantity` units of `currency`, both in 10⁻¹⁸; `line` is where its item begins."""

    currency: str
    rate: int
    quantity: int
    line: int


class FeedFault(NamedTuple):
    """An item that cannot be used: its currency (if that can be read), line, element, what stands there, and why."""

    currency: str
    line: int
    column: str
    value: str
    reason: Message


class DayAnswer(NamedTuple):
    """`day` is None where the answer names none. No rates and no faults: the bank has none for that day."""

    day: date | None
    rates: tuple[FeedRate, ...]
    faults: tuple[FeedFault, ...]


class NotRates(ValueError):
    """An answer that is no list of rates; `.message` says what is wrong with it."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.message = Message(code, params)


class _Item:
    """One `item` while it is read."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.cells: dict[str, str] = {}


class _Handler:
    """Follows the elements; keeps the root's name, its `date`, and the items below it."""

    def __init__(self) -> None:
        self.root = ""
        self.day = ""
        self.items: list[_Item] = []
        self._depth = 0
        self._text: list[str] | None = None
        self._locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:
        self._locator = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: ARG002
        self._depth += 1
        if self._depth == 1:
            self.root = name
        elif self._depth == 2 and name == "item":
            line = self._locator.getLineNumber() if self._locator else None
            self.items.append(_Item(line or 0))
        if (self._depth == 2 and name == "date") or (self._depth == 3 and name in _CELLS):
            self._text = []

    def characters(self, content: str) -> None:
        if self._text is not None:
            self._text.append(content)

    def endElement(self, name: str) -> None:
        if self._text is not None:
            text = "".join(self._text).strip()
            if self._depth == 2 and name == "date":
                self.day, self._text = text, None
            elif self._depth == 3 and name in _CELLS:
                if self.items:
                    self.items[-1].cells.setdefault(name, text)
                self._text = None
        self._depth -= 1


def read_answer(raw: bytes) -> DayAnswer:
    """The rates of an answer. NotRates where it is no such list: another page, broken or dangerous XML, two rates
    of one currency that differ."""
    found = _parse(raw)
    if found.root != "rates":
        raise NotRates("fetch_other_root", root=found.root[:40])
    rates: dict[str, FeedRate] = {}
    faults: list[FeedFault] = []
    for item in found.items:
        rate = _rate(item)
        if isinstance(rate, FeedFault):
            faults.append(rate)
            continue
        other = rates.setdefault(rate.currency, rate)
        if other.rate * rate.quantity != rate.rate * other.quantity:
            raise NotRates("fetch_two_rates", currency=rate.currency, line=other.line, other=rate.line)
    return DayAnswer(_day(found.day), tuple(rates.values()), tuple(faults))


def _parse(raw: bytes) -> _Handler:
    from xml.sax import ContentHandler, SAXException

    from defusedxml.common import DefusedXmlException
    from defusedxml.sax import parseString

    class Handler(_Handler, ContentHandler):
        """In the shape that the reader wants; made here, so that XML is not loaded before it is needed."""

    if len(raw) > LARGEST:
        raise NotRates("fetch_too_large", limit=LARGEST)
    handler = Handler()
    try:
        parseString(raw, handler, forbid_dtd=True)
    except DefusedXmlException:
        raise NotRates("fetch_entities") from None
    except (SAXException, ValueError, LookupError):  # the last two: an encoding that nobody knows
        raise NotRates("fetch_not_xml") from None
    return handler


def _rate(item: _Item) -> FeedRate | FeedFault:
    code = item.cells.get("title", "")
    if not re.fullmatch("[A-Z]{3}", code):
        return FeedFault("", item.line, "title", code, Message("fetch_bad_code"))
    amounts = []
    for column in ("description", "quant"):
        text = item.cells.get(column, "")
        try:
            amount = parse_scaled(text)
        except NumberError as error:
            return FeedFault(code, item.line, f"{code} {column}", text, error.message)
        if amount <= 0:
            return FeedFault(code, item.line, f"{code} {column}", text, Message("quote_not_positive"))
        amounts.append(amount)
    return FeedRate(code, amounts[0], amounts[1], item.line)


def _day(text: str) -> date | None:
    if not text:
        return None
    parts = re.fullmatch(r"(\d{2})\.(\d{2})\.(\d{4})", text, re.ASCII)
    try:
        if parts:
            return date(int(parts[3]), int(parts[2]), int(parts[1]))
    except ValueError:
        pass
    raise NotRates("fetch_bad_day", day=text[:40])
