"""What the simplified declaration asks about."""

from __future__ import annotations

from salyq.law.facts import Acquisition, Disposal
from salyq.rulebook.nodes import Day, Flag, Money, Ratio, Rows, Text
from salyq.rulebook.rows import Row, fact


class Half(Row):
    """A half-year of a sole proprietor."""

    words = ("Жартыжылдық", "Полугодие", "Half-year")
    parent = "year"
    half_end: Day = fact("Жартыжылдықтың соңғы күні", "Последний день полугодия", "Last day of the half-year")
    regime: Text = fact("Көрсетілген режим", "Указанный режим", "Regime stated")
    subtype_i: Flag = fact("I кіші түр лицензиясы", "Лицензия подвида I", "Licence of subtype I")
    mines_in_half: Flag = fact(
        "Жартыжылдықта майнинг болған", "В полугодии был майнинг", "There was mining in the half-year"
    )
    # hosting and services paid for in money, as stated
    half_turnover: Money = fact(
        "Жартыжылдықта ақшамен алынған қызметтер", "Услуги за деньги в полугодии", "Services for money in the half-year"
    )
    # of the local council, a share of one
    local_rate: Ratio = fact("Мәслихат белгілеген мөлшерлеме", "Ставка маслихата", "Rate set by the local council")
    social_contributions: Money = fact(
        "Жартыжылдықтың әлеуметтік аударымдары",
        "Социальные отчисления за полугодие",
        "Social contributions of the half-year",
    )
    second: Flag = fact("Екінші жартыжылдық", "Второе полугодие", "Second half-year")
    first_half: Half = fact("Бірінші жартыжылдық", "Первое полугодие", "First half-year")
    half_earnings: Rows[Acquisition] = fact(
        "Жартыжылдықта қызмет үшін алынған", "Получено за услуги в полугодии", "Received for services in the half-year"
    )
    half_payouts: Rows[Acquisition] = fact(
        "Жартыжылдықтағы бөлулер", "Распределения полугодия", "Distributions of the half-year"
    )
    half_disposals: Rows[Disposal] = fact("Жартыжылдықтағы сатулар", "Продажи полугодия", "Sales of the half-year")
