"""Words of headers and of operations in exports, in English, Russian and Kazakh; they only serve to draft a mapping."""

from __future__ import annotations

import re

# Field -> titles, best first. A title is compared without case, marks and what stands in brackets.
TITLES = {
    "time": "time; date; datetime; date time; timestamp; created at; executed at; transaction date; trade date; "
    "order time; trade time; deal time; created time; create time; filled time; execution time; executed time; "
    "completed time; update time; open time; дата создания; время создания; дата и время сделки; время сделки; "
    "время операции; время ордера; время исполнения; дата и время операции; мәміле уақыты; мәміле күні; "
    "дата и время; дата; время; дата операции; дата сделки; күні мен уақыты; күні; уақыты; күн",
    "zone": "time zone; timezone; часовой пояс; уақыт белдеуі",
    "kind": "type; operation; transaction type; kind; side; action; direction; category; label; tag; "
    "order side; deal type; transaction kind; вид сделки; тип сделки; сделка; мәміле түрі; мәміле; "
    "тип; операция; вид; вид операции; тип операции; направление; сторона; түрі; операция түрі; әрекет",
    "pair": "pair; market; symbol; trading pair; instrument; пара; торговая пара; инструмент; жұп; сауда жұбы",
    "in_quantity": "received amount; received quantity; buy amount; amount received; incoming amount; to amount; "
    "получено; сумма получения; алынды; алынған саны",
    "in_asset": "received currency; received asset; buy currency; currency received; to currency; incoming asset; "
    "валюта получения; получено валюта; алынған актив",
    "out_quantity": "sent amount; sent quantity; sell amount; amount sent; outgoing amount; from amount; "
    "отправлено; отдано; сумма отправки; берілді; жіберілген саны",
    "out_asset": "sent currency; sent asset; sell currency; currency sent; from currency; outgoing asset; "
    "валюта отправки; отправлено валюта; берілген актив",
    "asset": "asset; coin; currency; crypto; token; cryptocurrency; ticker; symbol; amount currency; amount unit; "
    "актив; монета; криптовалюта; валюта; тикер; токен; тиын; криптоактив",
    "quantity": "quantity; qty; executed qty; exec qty; filled qty; executed quantity; filled quantity; deal quantity; "
    "coin amount; crypto amount; asset amount; executed amount; filled amount; amount; size; volume; executed; filled; "
    "change; units; "
    "количество; кол-во; объем; объём; сумма; изменение; саны; мөлшері; көлемі",
    "value": "total; value; cost; funds; total amount; fiat amount; proceeds; subtotal; native amount; "
    "executed value; exec value; executed amount; filled value; filled total; total price; quote qty; quote amount; "
    "turnover; amount; "
    "сумма; итого; всего; стоимость; сумма сделки; жалпы; құны; сомасы; жалпы сома",
    "price": "price; rate; unit price; average price; avg price; filled price; avg filled price; "
    "executed price; exec price; exchange rate; цена за единицу; курс сделки; цена; курс; бағасы; бағам",
    "currency": "quote currency; price currency; fiat; fiat currency; total currency; value currency; native currency; "
    "payment currency; валюта; валюта сделки; валюта суммы; валюта расчетов; ақша; валютасы",
    "fee": "fee; fees; commission; trading fee; fee amount; fee paid; transaction fee; "
    "комиссия биржи; комиссия; сумма комиссии; комиссиясы",
    "fee_asset": "fee currency; fee coin; fee asset; fee unit; commission asset; commission currency; "
    "валюта комиссии; монета комиссии; актив комиссии; токен комиссии; комиссия валютасы; комиссия активі; "
    "комиссия монетасы",
    "hash": "hash; tx hash; txhash; txid; transaction hash; transaction id; хеш; хэш; хеш транзакции; транзакция хэші",
    "id": "id; trade id; order id; order no; order number; trade no; "
    "номер ордера; номер сделки; номер заказа; reference; ref; reference id; operation id; "
    "номер; номер операции; нөмірі; "
    "идентификатор",
    "counterparty": "counterparty; from; to; address; sender; recipient; контрагент; адрес; мекенжай; қарсы тарап",
    "account": "account; wallet; wallet name; счет; счёт; кошелек; кошелёк; әмиян; шот",
    "note": "note; notes; remark; remarks; description; comment; memo; details; "
    "примечание; комментарий; описание; назначение; ескертпе; сипаттама; түсініктеме",
}
STATUS = "status; state; order status; статус; состояние; күйі; мәртебесі"
DONE = "completed; complete; success; successful; done; filled; confirmed; ok; executed; finished; " + (
    "выполнено; выполнен; завершено; завершен; успешно; исполнено; исполнен; орындалды; аяқталды; сәтті"
)
FAILED = "failed; failure; cancelled; canceled; rejected; pending; processing; expired; error; declined; reverted; " + (
    "unconfirmed; in progress; new; open; отменено; отменен; отменён; ошибка; отклонено; отклонен; отклонён; ожидает; "
    "ожидание; в обработке; не выполнено; не исполнено; сәтсіз; бас тартылды; қабылданбады; күтілуде; өңделуде"
)
KINDS = {
    "buy": "buy; bought; purchase; market buy; limit buy; покупка; купля; куплено; купить; сатып алу",
    "sell": "sell; sold; sale; market sell; limit sell; продажа; продано; продать; сату; сатылды",
    "trade": "trade; exchange; swap; convert; conversion; обмен; сделка; конвертация; айырбас; мәміле; айырбастау",
    "transfer_in": "deposit; receive; received; incoming; transfer in; top up; in; "
    "пополнение; ввод; получение; зачисление; входящий перевод; депозит; кіріс; толықтыру; түсім",
    "transfer_out": "withdrawal; withdraw; send; sent; outgoing; transfer out; payout; out; "
    "вывод; отправка; списание; исходящий перевод; снятие; шығыс; шығару; жіберу",
    "transfer_in / transfer_out": "transfer; перевод; перемещение; аударым",
    "staked": "staking reward; staking rewards; staking; стейкинг; награда за стейкинг; стейкинг сыйақысы",
    "interest": "interest; earn; savings interest; interest payment; проценты; процент; начисление процентов; пайыз",
    "airdrop": "airdrop; bonus; referral; cashback; reward; rewards; rebate; аирдроп; эйрдроп; бонус; награда; кэшбэк; "
    "сыйақы",
    "mined": "mining; mining reward; mining payout; pool payout; майнинг; выплата пула; майнинг төлемі",
    "fee": "fee; commission; network fee; комиссия; комиссия сети",
    "spend": "payment; spend; purchase of goods; card payment; оплата; платеж; платёж; төлем",
    "gift_in": "gift received; подарок получен; сыйға алынды",
    "gift_out": "gift sent; подарок отправлен; сыйға берілді",
}
# Own table -> (fields that tell it, one of each group parted by "|"; field -> titles, best first). Asked in this order.
TABLES = {
    "energy": (
        "kwh start|month",
        {
            "month": "month; месяц; расчетный период; расчётный период; период; ай; кезең; есептік кезең",
            "start": "start; from; начало; начало периода; с; дата начала; басталуы; бастап",
            "end": "end; to; конец; конец периода; по; дата окончания; аяқталуы; дейін",
            "kwh": "kwh; квтч; квт ч; расход; расход квт ч; потребление; потребление квт ч; потреблено; "
            "потреблено квт ч; объем потребления; расход электроэнергии; расход электроэнергии квт ч; "
            "количество квт ч; "
            "тұтыну; тұтыну квт сағ; тұтынылды; электр энергиясының шығыны",
            "meter": "meter; meter id; счетчик; счётчик; номер счетчика; № счетчика; № счётчика; прибор учета; "
            "прибор учёта; точка учета; точка учёта; есептегіш; есептегіш нөмірі; номер прибора учета",
            "meter_state": "meter state; state; состояние; состояние прибора; состояние счетчика; күйі",
            "price_per_kwh": "price per kwh; price; тариф; тариф без ндс; тариф без ндс тг; цена; цена за квт ч; "
            "тарифі; бағасы",
            "max_power_kw": "max power kw; мощность; мощность квт; разрешенная мощность; қуаты",
            "site": "site; объект; площадка; адрес объекта; нысан; алаң",
        },
    ),
    "payouts": (
        "date quantity pool|commission",
        {
            "date": "date; day; дата; дата выплаты; дата распределения; күні",
            "asset": "asset; coin; currency; актив; монета; криптовалюта; валюта; монетасы",
            "quantity": "paid; payout; paid amount; distributed; выплачено; распределено; выплата; к выплате; "
            "начислено; credited; accrued; earned; "
            "amount; quantity; количество; сумма; төленді; бөлінді; саны",
            "commission": "pool fee; pool commission; комиссия пула; пул комиссиясы",
            "pool": "pool; pool name; пул; наименование пула; пул атауы",
            "pool_bin": "pool bin; бин пула; пул бсн",
            "wallet": "wallet; address; кошелек; кошелёк; адрес; әмиян",
            "licence": "licence; license; лицензия; номер лицензии; лицензия нөмірі",
        },
    ),
    "payments": (
        "date name period amount",
        {
            "date": "date; дата; дата оплаты; дата платежа; күні; төлем күні",
            "name": "tax; налог; вид налога; вид платежа; наименование налога; салық; салық түрі; төлем түрі",
            "period": "period; период; налоговый период; отчетный период; кезең; салық кезеңі",
            "amount": "amount; сумма; сумма платежа; уплачено; сома; сомасы; төленді",
        },
    ),
    "expenses": (
        "date category amount",
        {
            "date": "date; дата; период; дата документа; күні",
            "category": "category; expense category; статья; статья затрат; статья расходов; статья расхода; "
            "вид расхода; "
            "вид расходов; санат; шығын бабы; шығыс бабы; шығын түрі",
            "amount": "amount; сумма; сумма тг; сумма тенге; сумма без ндс; итого; дебет; сумма дт; "
            "дебет сумма; сумма по дебету; оборот дт; сома; сомасы",
            "currency": "currency; валюта; валютасы",
            "document": "document; документ; номер документа; основание; регистратор; құжат; құжат нөмірі",
            "note": "note; description; содержание; комментарий; назначение; описание; контрагент; ескертпе; мазмұны",
        },
    ),
    "exchange_rates": (
        "date currency rate",
        {
            "date": "date; дата; күні",
            "currency": "currency; code; валюта; код; код валюты; валютасы",
            "rate": "rate; курс; официальный курс; курс тенге; бағам; ресми бағам",
            "quantity": "quantity; quant; nominal; номинал; единиц; количество; саны",
            "source": "source; источник; дереккөз",
        },
    ),
    "asset_values": (
        "date asset value currency",
        {
            "date": "date; дата; күні",
            "asset": "asset; coin; актив; монета",
            "value": "close; value; quote; котировка; рыночная стоимость; стоимость единицы; баға белгілеу",
            "currency": "currency; валюта; quote currency",
            "source": "source; источник; дереккөз",
        },
    ),
}
_BRACKETS = re.compile(r"[(\[][^)\]]{0,60}[)\]]")
_MARKS = re.compile(r"[\s_.,;/\\:*#№·-]+")


def plain(text: str) -> str:
    """A title or operation without case, marks and what stands in brackets."""
    return _MARKS.sub(" ", _BRACKETS.sub(" ", text[:200].casefold())).strip()


def listed(words: str) -> tuple[str, ...]:
    """The words of one entry, plain."""
    return tuple([plain(word) for word in words.split(";") if word.strip()])
