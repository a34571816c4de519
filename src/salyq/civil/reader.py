"""Values of a message as readers of a language write them: 25.05.2026, 0,05 and «I кв. 2025 г.» in Kazakh and
Russian. Machines keep ISO days, a point and 2025-Q1: JSON takes `Message.texts`, pages take `Message.shown`."""

from __future__ import annotations

import re
from datetime import date

COMMAND = "salyq "  # from here on what is said is to be typed as it stands

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2})(?::00)?((?::[0-9]{2})?(?:[+-][0-9:]+|Z)?)")
_PERIOD = re.compile(r"([0-9]{4})-(?:Q([1-4])|H([12]))")
_DECIMAL = re.compile(r"(?<![\w.])(-?[0-9]+)\.([0-9]+)(?![\w.])")
ROMAN = ("", "I", "II", "III", "IV")  # quarters and halves

# Slots that hold an amount: anywhere else digits with a point may be a form, an article, a version or a file's cell.
AMOUNTS = frozenset(
    (
        *("amount", "balance", "bought", "computed", "declared", "fee", "gain", "held", "high", "limit", "low"),
        *("paid", "price", "quantity", "rate", "required", "sold", "sum", "threshold", "total"),
    )
)
# Slots that hold what a file says or what is to be typed: never rewritten.
AS_TYPED = frozenset(
    (
        *("choices", "command", "example", "expected", "file", "files", "key", "keys", "path", "right"),
        *("value", "where", "written"),
    )
)

_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"  # Kazakh; Russian's letters stand in it in their own order
_PLACE = {letter: chr(0x0430 + n) for n, letter in enumerate(_ALPHABET)}


def in_order(text: str) -> str:
    """What texts are sorted by as readers of Kazakh and Russian look for them: Қ after К, not after Я."""
    return "".join(_PLACE.get(letter, letter) for letter in text.casefold())


def shown_day(day: date, lang: str) -> str:
    return day.isoformat() if lang == "en" else day.strftime("%d.%m.%Y")


def is_moment(text: str) -> bool:
    """2026-06-03T10:00, with seconds and an offset or without."""
    return _MOMENT.fullmatch(text) is not None


def shown_moment(text: str, lang: str) -> str:
    """2026-06-03T10:00: «03.06.2026 10:00»; its offset, where it has one, stays beside. What is none stays as it is."""
    found = None if lang == "en" else _MOMENT.fullmatch(text)
    if found is None:
        return text
    day, hour, rest = found.groups()
    return f"{shown_day(date.fromisoformat(day), lang)} {hour}{rest}"


def shown_period(period: str, lang: str) -> str:
    """“2025-Q1”: «2025 ж. I тоқсан», «I кв. 2025 г.»; “2025-H1” by its half; a year, and anything else, as it is."""
    found = None if lang == "en" else _PERIOD.fullmatch(period)
    if found is None:
        return period
    year, quarter, half = found.groups()
    if quarter:
        number = ROMAN[int(quarter)]
        return f"{year} ж. {number} тоқсан" if lang == "kk" else f"{number} кв. {year} г."
    number = ROMAN[int(half)]
    return f"{year} ж. {number} жартыжылдық" if lang == "kk" else f"{number} полугодие {year} г."


def shown_decimals(text: str, lang: str) -> str:
    """A plain decimal, or a few words with some, with the language's mark; digits stay as they are."""
    return text if lang == "en" else _DECIMAL.sub(r"\1,\2", text)


def for_reader(slot: str, value: object, lang: str) -> object:
    """What stands in the slot of a template for a reader: days, periods and amounts as the language writes them."""
    if lang == "en" or slot in AS_TYPED:
        return value
    if isinstance(value, date):
        return shown_day(value, lang) if type(value) is date else value
    text = str(value)
    if slot in AMOUNTS:
        return shown_decimals(text, lang) if "." in text else value
    if found := _DAY.fullmatch(text):
        return "{2}.{1}.{0}".format(*found.groups())
    if is_moment(text):
        return shown_moment(text, lang)
    return shown_period(text, lang) if _PERIOD.fullmatch(text) else value
