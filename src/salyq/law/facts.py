"""What law asks about: the kinds of rows and periods, each a class; a fact is declared once.
A subject may have kinds of its own, in its facts.py.

Quantities and amounts are whole 10⁻¹⁸ units, money of the year's facts whole tiyn. The same class gives rules their
types, makes the rows of a case (`Sale.given(…)`), and says what a person states (`stated`): a key of a table of
person.toml. A fact that nobody told is None, and what rests on it is unknown.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import salyq.law.units  # noqa: F401  (declares the units)
from salyq.law import facts_beside
from salyq.law.facts_beside import Charge, Derivative, Disposal, Expense, Loss, Match, Quarter
from salyq.rulebook.law import stated
from salyq.rulebook.nodes import (
    Amount,
    Count,
    Day,
    Flag,
    Money,
    Quantity,
    Rows,
    Text,
    Worth,
)
from salyq.rulebook.rows import Row, fact, kinds_in

if TYPE_CHECKING:
    from salyq.law.late_interest.facts import Overdue

__all__ = [
    "KINDS",
    "STATED",
    "Acquisition",
    "Charge",
    "Derivative",
    "Disposal",
    "Expense",
    "Loss",
    "Match",
    "Quarter",
    "Sale",
    "Year",
]

NATURAL = ("individual", "sole_proprietor")  # who states it
BUSINESS = ("sole_proprietor", "company", "pool", "exchange")


class Year(Row):
    """A person's year; of a sole proprietor's business too."""

    words = ("Жыл", "Год", "Year")
    person_kind: Text = fact("Тұлғаның түрі", "Вид лица", "Kind of person")
    year_over: Flag = fact("Жыл аяқталды", "Год завершён", "The year is over")
    # on 31 December
    resident: Flag = fact("Резидент", "Резидент", "Resident")
    # on any day of the year
    resident_in_year: Flag = fact(
        "Жыл ішінде резидент болған", "Был резидентом в течение года", "Resident on some day of the year"
    )
    non_resident_in_year: Flag = fact(
        "Жыл ішінде резидент емес болған", "Был нерезидентом в течение года", "Not resident on some day of the year"
    )
    residence_known: Flag = fact("Резиденттігі белгілі", "Резидентство известно", "Residence is known")
    regime_stated: Flag = fact("Режимі көрсетілген", "Режим указан", "The regime is stated")
    # the simplified declaration on any day of the year
    stated_simplified: Flag = fact(
        "Оңайлатылған режим көрсетілген", "Указан упрощённый режим", "The simplified regime is stated"
    )
    # an exchange with the AIFC's permit
    aifc_permit: Flag = fact("АХҚО рұқсаты бар", "Есть разрешение МФЦА", "Has the AIFC's permit")
    # of a sole proprietor: mining, coins in the books or expenses under the general regime
    does_business: Flag = fact(
        "Жалпы режимде кәсіпкерлік жүргізеді",
        "Ведёт предпринимательство в общем режиме",
        "Does business under the general regime",
    )
    # mined coins up to the end of the year
    mines: Flag = fact("Майнинг жүргізеді", "Майнит", "Mines")
    payments_given: Flag = fact("Төлемдер берілген", "Платежи указаны", "Payments are given")
    # meter readings of the year were given
    uses_power: Flag = fact(
        "Электр энергиясының көрсеткіштері бар", "Есть показания электроэнергии", "There are meter readings"
    )
    licensed_to_mine: Flag = fact(
        "Жыл ішінде майнинг лицензиясы болған",
        "В течение года действовала лицензия на майнинг",
        "Held a mining licence in the year",
    )
    holds_at_year_end: Flag = fact(
        "31 желтоқсанда цифрлық активі бар",
        "Владеет цифровыми активами на 31 декабря",
        "Holds digital assets on 31 December",
    )
    held_at_last_year_end: Flag = fact(
        "Алдыңғы жылдың 31 желтоқсанында цифрлық активі болған",
        "Владел цифровыми активами на 31 декабря прошлого года",
        "Held digital assets on 31 December of the year before",
    )
    employment_income_taxable: Money = fact(
        "Жалақыдан салық салынған табыс",
        "Облагаемый доход от работодателя",
        "Employment income taxed at source",
        stated="year",
        of=NATURAL,
    )
    personal_income_tax_withheld: Money = fact(
        "Жұмыс беруші ұстаған ЖТС",
        "ИПН, удержанный работодателем",
        "Tax withheld by the employer",
        stated="year",
        of=NATURAL,
    )
    base_deduction: Money = fact(
        "Пайдаланылмаған базалық шегерім",
        "Неиспользованный базовый вычет",
        "Base deduction not yet used",
        stated="year",
        of=NATURAL,
    )
    social_deduction: Money = fact(
        "Пайдаланылмаған әлеуметтік шегерім",
        "Неиспользованный социальный вычет",
        "Social deduction not yet used",
        stated="year",
        of=NATURAL,
    )
    social_payments: Money = fact(
        "Әлеуметтік төлемдер", "Социальные платежи", "Social payments", stated="year", of=NATURAL
    )
    employment_income_accrued: Money = fact(
        "Жұмыс беруші есептеген табыс",
        "Начисленный работодателем доход",
        "Income accrued by the employer",
        stated="year",
        of=NATURAL,
    )
    foreign_tax_paid: Money = fact(
        "Шетелде төленген салық", "Налог, уплаченный за рубежом", "Tax paid abroad", stated="year", of=NATURAL
    )
    other_income: Money = fact("Өзге табыс", "Прочий доход", "Other income", stated="year", of=NATURAL)
    dividends: Money = fact(
        "Төлем көзінен салық ұсталмаған дивидендтер",
        "Дивиденды, не обложенные у источника",
        "Dividends not taxed at source",
        stated="year",
        of=NATURAL,
    )
    dividends_at_source: Money = fact(
        "Төлем көзінен салық ұсталған дивидендтер",
        "Дивиденды, обложенные у источника",
        "Dividends taxed at source",
        stated="year",
        of=NATURAL,
    )
    private_practice_income: Money = fact(
        "Жеке практикадан табыс", "Доход от частной практики", "Income of a private practice", stated="year", of=NATURAL
    )
    foreign_bank_money: Money = fact(
        "31 желтоқсанда шетел банктеріндегі ақша",
        "Деньги в иностранных банках на 31 декабря",
        "Money in foreign banks on 31 December",
        stated="year",
        of=NATURAL,
    )
    # listed property abroad other than bank money: brokerage money, securities, shares, real estate
    property_abroad: Flag = fact(
        "Шетелде декларацияланатын мүлкі бар",
        "Есть подлежащее декларированию имущество за рубежом",
        "Has property abroad that must be declared",
        stated="year",
        of=NATURAL,
    )
    # or another whom the law lists beside officials, such as an owner of over 10 % of a company
    public_official: Flag = fact(
        "Лауазымды адам немесе заң атаған ірі қатысушы",
        "Должностное лицо или названный законом крупный участник",
        "An official, or a large holder whom the law names",
        stated="year",
        of=NATURAL,
    )
    social_deduction_ground: Text = fact(
        "Әлеуметтік шегерімнің негізі",
        "Основание социального вычета",
        "Ground of the social deduction",
        stated="year",
        of=NATURAL,
        choices=("disability_1_2", "other"),
    )
    citizen: Flag = fact(
        "Қазақстан азаматы", "Гражданин Казахстана", "Citizen of Kazakhstan", stated="year", of=NATURAL
    )
    digital_asset_losses_brought: Money = fact(
        "Өткен жылдардың цифрлық активтер бойынша залалы",
        "Убытки по цифровым активам прошлых лет",
        "Losses on digital assets brought forward",
        stated="year",
        of=NATURAL,
    )
    business_losses_brought: Money = fact(
        "Өткен жылдардың кәсіпкерлік залалы",
        "Убытки от предпринимательской деятельности прошлых лет",
        "Business losses brought forward",
        stated="year",
        of=BUSINESS,
    )
    vat_payer: Flag = fact("ҚҚС төлеуші", "Плательщик НДС", "Payer of VAT", stated="year", of=BUSINESS)
    large_business: Flag = fact(
        "Ірі кәсіпкерлік субъектісі",
        "Субъект крупного предпринимательства",
        "Large business",
        stated="year",
        of=BUSINESS,
    )
    average_staff: Count = fact(
        "Орташа жылдық қызметкерлер саны",
        "Среднегодовая численность работников",
        "Average staff of the year",
        stated="year",
        of=BUSINESS,
    )
    # the mean of three years
    average_income: Money = fact(
        "Үш жылдағы орташа жылдық табыс",
        "Среднегодовой доход за три года",
        "Average yearly income of three years",
        stated="year",
        of=BUSINESS,
    )
    income_year_before_last: Money = fact(
        "Алдыңғының алдындағы жылдың табысы",
        "Доход за позапрошлый год",
        "Income of the year before last",
        stated="year",
        of=BUSINESS,
    )
    # on the last day
    licence_subtype_i: Flag = fact("I кіші түр лицензиясы бар", "Есть лицензия подвида I", "Has a licence of subtype I")
    horizontal_monitoring: Flag = fact(
        "Көлденең мониторинг қатысушысы",
        "Участник горизонтального мониторинга",
        "Participant of horizontal monitoring",
        stated="year",
        of=BUSINESS,
    )
    assets_return_filed: Flag = fact(
        "Активтер мен міндеттемелер туралы декларация тапсырылған",
        "Декларация об активах и обязательствах уже подана",
        "Assets-and-liabilities return already filed",
        stated="year",
        of=NATURAL,
    )
    disposals: Rows[Disposal] = fact("Сатулар", "Продажи", "Sales")
    sales: Rows[Sale] = fact("Сатулар", "Продажи", "Sales")
    payouts: Rows[Acquisition] = fact("Пул бөлген активтер", "Распределения пула", "Distributions by the pool")
    expenses: Rows[Expense] = fact("Шығыстар", "Расходы", "Expenses")
    derivatives: Rows[Derivative] = fact(
        "Туынды құралдардың нәтижелері", "Результаты производных инструментов", "Results of derivatives"
    )
    receipts: Rows[Acquisition] = fact("Тегін түскендер", "Безвозмездные поступления", "Free receipts")
    fee_disposals: Rows[Disposal] = fact(
        "Активпен төленген комиссиялар", "Комиссии, уплаченные активами", "Fees paid in assets"
    )
    selling_fees: Rows[Charge] = fact("Сату комиссиялары", "Комиссии продаж", "Fees of sales")
    overdue: Rows[Overdue] = fact("Бересілер", "Недоимки", "Arrears")
    earnings: Rows[Acquisition] = fact("Қызмет үшін алынған", "Получено за услуги", "Received for services")
    losses: Rows[Loss] = fact("Әкелінген залалдар", "Перенесённые убытки", "Losses brought")
    business: Year = fact("Кәсіпкерлігі", "Предпринимательство", "The business")


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


class Sale(Row):
    """What one deal sold, of one asset."""

    words = ("Сату", "Продажа", "Sale")
    parent = "year"
    kind: Text = fact("Шыққан тәсілі", "Способ выбытия", "How it left")
    day: Day = fact("Сату күні", "День продажи", "Day of sale")
    asset: Text = fact("Актив", "Актив", "Asset")
    quantity: Quantity = fact("Саны", "Количество", "Quantity")
    value: Worth = fact("Көрсетілген құны", "Указанная стоимость", "Stated value")
    value_is_money: Flag = fact(
        "Құны ақшамен көрсетілген", "Стоимость указана в деньгах", "The value is stated in money"
    )
    counter_asset: Text = fact("Орнына алынған актив", "Полученный взамен актив", "Asset received for it")
    counter_quantity: Quantity = fact("Орнына алынған саны", "Сколько получено взамен", "Quantity received for it")
    peg: Text = fact("Стейблкоиннің валютасы", "Валюта стейблкоина", "Currency of the stablecoin")
    counter_peg: Text = fact(
        "Алынған стейблкоиннің валютасы", "Валюта полученного стейблкоина", "Currency of the stablecoin received"
    )
    foreign_account: Flag = fact("Шетелдік шот", "Иностранный счёт", "Foreign account")
    account_stated: Flag = fact(
        "Шоттың елі көрсетілген", "Страна счёта указана", "The country of the account is stated"
    )
    low_tax_account: Flag = fact(
        "Жеңілдікті салық салынатын мемлекеттегі шот",
        "Счёт в государстве с льготным налогообложением",
        "Account in a low-tax state",
        stated="account.low_tax",
        otherwise=False,
    )
    aifc_exchange: Flag = fact(
        "АХҚО биржасы", "Биржа МФЦА", "AIFC exchange", stated="account.aifc_exchange", otherwise=False
    )
    # the person, on the day of sale
    resident: Flag = fact("Сату күні резидент", "Резидент в день продажи", "Resident on the day of sale")
    purpose: Text = fact("Не үшін берілген", "За что отдано", "What it was given for")
    # of a contribution: the charter capital that it pays
    capital_paid: Worth = fact(
        "Салыммен төленген жарғылық капитал",
        "Уставный капитал, оплаченный вкладом",
        "Charter capital paid by the contribution",
    )
    abroad: Flag = fact("Шетелде берілген", "Отдано за рубежом", "Handed over abroad")
    all_matches: Rows[Match] = fact("Сатылған лоттар", "Проданные лоты", "Lots sold")


KINDS = {kind.name: kind for module in (sys.modules[__name__], facts_beside) for kind in kinds_in(module)}
STATED = {
    table: stated(KINDS, table) for table in ("year", "account", "loss", "turnover")
}  # of person.toml: key -> unit
