"""What came in, what becomes of deals in law (disposals and the lots that they used up), and what stands beside them:
expenses, derivatives, fees of sales, losses brought, quarters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import salyq.law.units  # noqa: F401  (declares the units)
from salyq.rulebook.nodes import Amount, Count, Day, Flag, Money, Quantity, Ratio, Rows, Text, Worth
from salyq.rulebook.rows import Row, fact

if TYPE_CHECKING:
    from salyq.law.facts import Sale
    from salyq.law.mining_fee.facts import Reading


class Acquisition(Row):
    """An asset that came in: a lot, or what a moving average made of several."""

    words = ("Түсім", "Поступление", "Receipt")
    parent = "year"
    earlier = True
    kind: Text = fact("Түскен тәсілі", "Способ поступления", "How it came in")
    # a lot of a moving average: several acquisitions as one
    pool: Flag = fact("Орташа құнды лот", "Лот средней стоимости", "Lot at average cost")
    day: Day = fact("Түскен күні", "День поступления", "Day it came in")
    asset: Text = fact("Актив", "Актив", "Asset")
    quantity: Quantity = fact("Саны", "Количество", "Quantity")
    # stated on the record, or the pool's cost
    value: Worth = fact("Көрсетілген құны", "Указанная стоимость", "Stated value")
    value_is_money: Flag = fact(
        "Құны ақшамен көрсетілген", "Стоимость указана в деньгах", "The value is stated in money"
    )
    # swaps: what was given for it
    counter_asset: Text = fact("Қандай активке айырбасталған", "На какой актив обменян", "Asset given for it")
    counter_quantity: Quantity = fact("Айырбасқа берілген саны", "Сколько отдано в обмен", "Quantity given for it")
    # the currency that this asset is pegged to, "" for none
    peg: Text = fact("Стейблкоиннің валютасы", "Валюта стейблкоина", "Currency of the stablecoin")
    counter_peg: Text = fact(
        "Айырбасқа берілген стейблкоиннің валютасы", "Валюта отданного стейблкоина", "Currency of the stablecoin given"
    )
    # false only where the person says document = none
    documented: Flag = fact("Құжаты бар", "Есть документ", "Documented")
    taxed_earlier: Flag = fact("Бұрын салық салынған", "Обложено ранее", "Taxed earlier")
    # note = receivable: in payment of a claim that did not arise from income
    for_receivable: Flag = fact("Талап төлеміне алынған", "Получено в счёт требования", "Received for a receivable")
    # the person had a business or a mining licence on that day
    registered_miner: Flag = fact(
        "Кәсіпкер не лицензиялы майнер", "Предприниматель или майнер с лицензией", "A business or a licensed miner"
    )
    from_exchange: Flag = fact(
        "Цифрлық активтер биржасынан",
        "От биржи цифровых активов",
        "From a digital-asset exchange",
        stated="account.exchange",
        otherwise=False,
    )
    abroad: Flag = fact("Шетелде алынған", "Получено за рубежом", "Received abroad")
    # the person, on that day
    resident: Flag = fact("Сол күні резидент", "Резидент в тот день", "Resident on that day")
    # received by a mining pool or a digital-asset exchange
    operator: Flag = fact("Пул не биржа алған", "Получено пулом или биржей", "Received by a pool or an exchange")
    valuer_report: Flag = fact("Бағалаушының есебі бар", "Есть отчёт оценщика", "Valuer's report")
    # of the account that it came to; "" where nobody said
    account_country: Text = fact("Шоттың елі", "Страна счёта", "Country of the account")
    low_tax_source: Flag = fact(
        "Жеңілдікті салық салынатын мемлекеттен",
        "Из государства с льготным налогообложением",
        "From a low-tax state",
        stated="account.low_tax",
        otherwise=False,
    )
    solo: Flag = fact("Пулсыз өндірілген", "Добыто без пула", "Mined without a pool")
    # a fee in money or a pegged asset; zero where there is none
    purchase_fee: Worth = fact("Сатып алу комиссиясы", "Комиссия покупки", "Fee of the purchase")
    # moving average: what the pool cost, in tenge
    pool_tenge: Amount = fact(
        "Орташа құнды лоттың теңгедегі құны", "Стоимость среднего лота в тенге", "Cost of the average lot in tenge"
    )


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
    category: Text = fact("Санаты", "Категория", "Category", told=True)
    worth: Worth = fact("Сомасы", "Сумма", "Amount")
    mining: Flag = fact("Майнингке жатады", "Относится к майнингу", "Belongs to mining", told=True)
    activity_stated: Flag = fact("Қызмет түрі айтылған", "Деятельность указана", "The activity was stated")
    april_to_december: Flag = fact("Сәуір–желтоқсан", "Апрель–декабрь", "April to December", told=True)


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
    # came by a merger or an accession
    from_merger: Flag = fact(
        "Қосылу не бірігу арқылы келген",
        "Получен при слиянии или присоединении",
        "Came by a merger or an accession",
        stated="loss",
        otherwise=False,
    )
    kept_by_government: Flag = fact(
        "Үкімет шешімімен сақталған",
        "Сохранён решением Правительства",
        "Kept by a decision of the Government",
        stated="loss",
        otherwise=False,
    )
    # of a split: the share of assets that this person received; then `amount` is the whole loss
    split_share: Ratio = fact(
        "Бөлінуде алынған активтер үлесі",
        "Доля активов, полученная при разделении",
        "Share of assets received in a split",
        stated="loss",
        otherwise=1,
    )
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
