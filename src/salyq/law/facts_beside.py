"""What becomes of deals in law (disposals and the lots that they used up), and what stands beside them: expenses,
derivatives, fees of sales, losses brought, quarters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import salyq.law.units  # noqa: F401  (declares the units)
from salyq.rulebook.nodes import Count, Day, Flag, Money, Quantity, Rows, Text, Worth
from salyq.rulebook.rows import Row, fact

if TYPE_CHECKING:
    from salyq.law.facts import Acquisition, Sale
    from salyq.law.mining_fee.facts import Reading


class Disposal(Row):
    """The part of a sale that law treats alike."""

    words = ("Сату", "Продажа", "Sale")
    parent = "year"
    day: Day = fact("Сату күні", "День продажи", "Day of sale")
    asset: Text = fact("Актив", "Актив", "Asset")
    quantity: Quantity = fact("Саны", "Количество", "Quantity")
    matches: Rows[Match] = fact("Сатылған лоттар", "Проданные лоты", "Lots sold")
    sale: Sale = fact("Сату", "Продажа", "Sale")
    first: Match = fact("Алғашқы лот бөлігі", "Первая часть лота", "First part of a lot")


class Match(Row):
    """A piece of a lot that a sale used up: [x0, x1) of the lot, [y0, y1) of the sale."""

    words = ("Лоттың сатылған бөлігі", "Проданная часть лота", "Part of a lot sold")
    parent = "year"
    day: Day = fact("Сату күні", "День продажи", "Day of sale")
    mined_this_year: Flag = fact("Осы жылы өндірілген", "Добыто в этом году", "Mined this year")
    x0: Quantity = fact("Лоттың бұрын жұмсалғаны", "Израсходовано из лота ранее", "Used of the lot before")
    x1: Quantity = fact(
        "Лоттың осыған дейін жұмсалғаны", "Израсходовано из лота с этой частью", "Used of the lot with this part"
    )
    y0: Quantity = fact("Сатудың бұрын жабылғаны", "Покрыто в продаже ранее", "Covered of the sale before")
    y1: Quantity = fact(
        "Сатудың осыған дейін жабылғаны", "Покрыто в продаже с этой частью", "Covered of the sale with this part"
    )
    found: Flag = fact("Сатып алынғаны табылды", "Приобретение найдено", "The acquisition was found")
    sale: Sale = fact("Сату", "Продажа", "Sale")
    lot: Acquisition = fact("Лот", "Лот", "Lot")


class Expense(Row):
    """An expense."""

    words = ("Шығыс", "Расход", "Expense")
    parent = "year"
    day: Day = fact("Күні", "День", "Day")
    category: Text = fact("Санаты", "Категория", "Category")
    worth: Worth = fact("Сомасы", "Сумма", "Amount")
    mining: Flag = fact("Майнингке жатады", "Относится к майнингу", "Belongs to mining")
    april_to_december: Flag = fact("Сәуір–желтоқсан", "Апрель–декабрь", "April to December")


class Derivative(Row):
    """The result of a closed derivative: money, or so much of an asset."""

    words = ("Туынды құрал", "Производный инструмент", "Derivative")
    parent = "year"
    day: Day = fact("Жабылған күні", "День закрытия", "Day it was closed")
    worth: Worth = fact("Нәтижесі", "Результат", "Result")
    in_money: Flag = fact("Ақшамен есеп айырысылған", "Рассчитан деньгами", "Settled in money")
    # settled in this asset
    asset: Text = fact("Есеп айырысқан актив", "Актив расчёта", "Asset of the settlement")
    # below zero where it was paid
    settled: Quantity = fact("Есеп айырысқан саны", "Количество расчёта", "Quantity settled")
    resident: Flag = fact("Сол күні резидент", "Резидент в тот день", "Resident on that day")


class Charge(Row):
    """A fee of a sale: money of a day."""

    words = ("Комиссия", "Комиссия", "Fee")
    parent = "year"
    day: Day = fact("Күні", "День", "Day")
    worth: Worth = fact("Сомасы", "Сумма", "Amount")


class Loss(Row):
    """A loss brought from an earlier year."""

    words = ("Залал", "Убыток", "Loss")
    parent = "year"
    year: Count = fact("Залал жылы", "Год убытка", "Year of the loss", stated="loss")
    kind: Text = fact(
        "Залал түрі", "Вид убытка", "Kind of loss", choices=("business", "digital_assets", "derivatives"), stated="loss"
    )
    amount: Money = fact("Залал сомасы", "Сумма убытка", "Amount of the loss", stated="loss")
    age: Count = fact("Өткен жылдар саны", "Сколько лет прошло", "Years since")


class Quarter(Row):
    """A quarter of the year."""

    words = ("Тоқсан", "Квартал", "Quarter")
    parent = "year"
    quarter_end: Day = fact("Тоқсанның соңғы күні", "Последний день квартала", "Last day of the quarter")
    # hosting of other people's machines, without VAT
    hosting_turnover: Money = fact(
        "Хостинг айналымы", "Оборот по хостингу", "Turnover of hosting", stated="turnover.hosting", otherwise=0
    )
    # services with digital assets that were paid for in money, without VAT
    money_turnover: Money = fact(
        "Ақшамен төленген қызметтер айналымы",
        "Оборот по услугам, оплаченным деньгами",
        "Turnover of services paid for in money",
        stated="turnover.services",
        otherwise=0,
    )
    # a sole proprietor's business under the simplified declaration
    simplified: Flag = fact("Жеңілдетілген декларация", "Упрощённая декларация", "Simplified declaration")
    readings: Rows[Reading] = fact("Есептеу аспаптарының көрсеткіштері", "Показания приборов учёта", "Meter readings")
    quarter_sales: Rows[Sale] = fact("Тоқсанның сатулары", "Продажи квартала", "Sales of the quarter")
    # of a sole proprietor: sales, outside the books, of coins from mining
    own_mined_sales: Rows[Sale] = fact(
        "Есептен тыс өндірілген активтердің сатулары",
        "Продажи добытых активов вне учёта",
        "Sales of mined coins outside the books",
    )
    quarter_earnings: Rows[Acquisition] = fact(
        "Тоқсанда қызмет үшін алынған", "Получено за услуги в квартале", "Received for services in the quarter"
    )
