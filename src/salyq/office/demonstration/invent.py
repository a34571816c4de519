"""Made-up people and firms. Their BINs have a good check digit and a kind of company that does not exist (digit 9)."""

from __future__ import annotations

import random
from datetime import date, timedelta

from salyq.civil.ids import check_digit
from salyq.office.registry.model import Subject

_PLACES = (
    *("Алтын Дала", "Сарыарқа", "Көкше", "Ұлытау", "Жетісу", "Ертіс", "Іле", "Қаратау", "Балқаш"),
    *("Тобыл", "Есіл", "Орал", "Каспий", "Алакөл", "Баянауыл", "Көкжиек", "Марқакөл", "Шу"),
    *("Сырдария", "Торғай", "Бурабай", "Қазығұрт", "Әулиеата", "Жайық", "Нұра", "Шыңғыстау", "Ақсу"),
    *("Жаңа Жол", "Тұран", "Мерке", "Тарбағатай"),
)
_TRADES = {
    "miner": ("Майнинг", "Хэш", "Есептеу", "Энерго Цифр", "Блок", "Қуат"),
    "pool": ("Пул",),
    "exchange": ("Айырбас", "Крипто Айырбас"),
    "platform": ("Сауда", "Маркет"),
    "dfa": ("Токен Платформа", "Актив"),
    "aifc": ("Digital", "Custody", "Exchange", "Capital", "Markets"),
    "bank": ("Банк",),
    "issuer": ("Капитал", "Инвест"),
    "payments": ("Төлем", "Пэй"),
}
_GIVEN = (
    *("Айдана", "Ерлан", "Гүлнар", "Қайрат", "Әсем", "Нұржан", "Мадина", "Олжас", "Сәуле"),
    *("Тимур", "Ұлан", "Жанар", "Бауыржан", "Ләззат", "Дәурен", "Шолпан", "Рауан"),
)
_FAMILY = (
    *("Ахметов", "Бекенов", "Ғабдуллин", "Досжанов", "Есенов", "Жанұзақов", "Исаев", "Қалиев", "Молдабеков"),
    *("Нұғманов", "Оспанов", "Рахимов", "Сәрсенов"),
)


class Inventor:
    """Draws from one seed; the same seed gives the same country."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311
        self._names: set[str] = set()
        self._bins: set[str] = set()

    def bin(self, founded: date) -> str:
        while True:
            eleven = f"{founded:%y%m}9{self.chance.randrange(10**6):06}"
            last = check_digit(eleven)
            if last is not None and eleven not in self._bins:
                self._bins.add(eleven)
                return eleven + str(last)

    def firm(self, trade: str, founded: date, form: str = "ЖШС") -> Subject:
        """A name that no other firm of the country has."""
        while True:
            name = f"{self.chance.choice(_PLACES)} {self.chance.choice(_TRADES[trade])}"
            if name in self._names:
                name += f" {self.chance.randrange(2, 30)}"
            if name not in self._names:
                break
        self._names.add(name)
        shown = f"{name} Ltd." if trade == "aifc" else f"«{name}» {form}"
        return Subject(self.bin(founded), shown)

    def person(self) -> str:
        return f"{self.chance.choice(_GIVEN)} {self.chance.choice(_FAMILY)}"

    def day(self, first: date, last: date) -> date:
        return first + timedelta(days=self.chance.randrange(max(1, (last - first).days)))

    def amount(self, low: int, high: int, step: int) -> int:
        return self.chance.randrange(low, high, step)
