"""What interest on arrears asks about."""

from __future__ import annotations

from salyq.rulebook.nodes import Count, Day, Flag, Money, Ratio, Text
from salyq.rulebook.rows import Row, fact


class Overdue(Row):
    """A debt on one day."""

    words = ("Бересі", "Недоимка", "Arrears")
    parent = "year"
    daily = True
    day: Day = fact("Күні", "День", "Day")
    arrears: Money = fact("Бересі", "Недоимка", "Sum in arrears")
    due: Day = fact("Төлеу мерзімі", "Срок уплаты", "To be paid by", told=True)
    until: Day = fact("Соңғы күні", "Последний день", "Last day", told=True)
    days: Count = fact("Күн саны", "Число дней", "Days")
    tax: Text = fact("Салық немесе төлемақы", "Налог или плата", "Tax or fee")
    # a base rate that the person gave, with its source
    stated_rate: Ratio = fact("Берілген базалық мөлшерлеме", "Указанная базовая ставка", "Base rate that was given")
    # income tax from an additional return filed before 1 September of the next year
    additional: Flag = fact("Қосымша декларация бойынша", "По дополнительной декларации", "From an additional return")
