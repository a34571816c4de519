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
from salyq.law.facts_beside import Acquisition, Charge, Derivative, Disposal, Expense, Loss, Match, Quarter
from salyq.rulebook.law import stated
from salyq.rulebook.nodes import (
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
COMPANIES = ("company", "pool", "exchange")
BUSINESS = ("sole_proprietor", *COMPANIES)


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
    # a row that could not be read may have moved the lots of what was sold
    lots_in_doubt: Flag = fact("Сатылған лоттар күмәнді", "Проданные лоты под сомнением", "The lots sold are in doubt")
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
    # of the simplified declaration to 2025: they reduce the half that is social tax
    social_contributions_h1: Money = fact(
        "Бірінші жартыжылдықтың әлеуметтік аударымдары",
        "Социальные отчисления за первое полугодие",
        "Social contributions of the first half-year",
        stated="year",
        of=("sole_proprietor",),
    )
    social_contributions_h2: Money = fact(
        "Екінші жартыжылдықтың әлеуметтік аударымдары",
        "Социальные отчисления за второе полугодие",
        "Social contributions of the second half-year",
        stated="year",
        of=("sole_proprietor",),
    )
    # of a company that is not resident
    permanent_establishment: Flag = fact(
        "Қазақстанда тұрақты мекемесі бар",
        "Есть постоянное учреждение в Казахстане",
        "Has a permanent establishment in Kazakhstan",
        stated="year",
        of=COMPANIES,
    )
    # less its expenses, kept in accounts of its own: a condition of the exemption
    aifc_services_income: Money = fact(
        "Бөлек есептегі АХҚО қаржы қызметтерінің табысы (шығысы шегерілген)",
        "Доход от финансовых услуг МФЦА по раздельному учёту (за вычетом расходов)",
        "Income of AIFC financial services by separate accounts (less its expenses)",
        stated="year",
        of=COMPANIES,
    )
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
