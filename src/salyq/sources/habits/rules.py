"""The common rules by which rows are left out, with their words. A rule of one reader alone stands in that reader."""

from __future__ import annotations

from salyq.records.reading import rule
from salyq.sources.format import BLANK, LATER, NOTHING_THERE, UNDONE

ZERO = rule(
    "zero_change",
    kk="ештеңе өзгермеген жол (нөл)",
    ru="строка ничего не меняет (ноль)",
    en="the row changes nothing (zero)",
)
OWN = rule(
    "own_sub_account",
    kk="бір биржадағы өз шоттары арасындағы қозғалыс",
    ru="движение между собственными счетами на той же бирже",
    en="moved between own accounts of the same venue",
)
FIAT = rule(
    "fiat_movement",
    kk="ақша қозғалысы: цифрлық актив түскен де, шыққан да жоқ",
    ru="движение денег: цифровой актив не поступал и не выбывал",
    en="money moved, no digital asset came in or left",
)
SAME = rule(
    "same_asset",
    kk="сол активтің басқа атауы: ештеңе сатылған да, алынған да жоқ",
    ru="тот же актив под другим именем: ничего не продано и не куплено",
    en="the same asset under another name: nothing was sold or bought",
)
UNFINISHED = rule("not_completed", kk="тапсырыс орындалмаған", ru="ордер не исполнен", en="the order was not completed")
NOTHING_FILLED = rule(
    "nothing_filled",
    kk="ордер бойынша ештеңе орындалмаған",
    ru="по ордеру ничего не исполнено",
    en="nothing of the order was filled",
)
PENDING = rule(
    "pending",
    kk="әлі өткізілмеген жазба; ол кейін қайта тұрады",
    ru="ещё не проведено; эта же запись стоит ниже ещё раз",
    en="not booked yet; the same entry stands again once it is",
)
REPEATED_HEADER = rule(
    "repeated_header", kk="баған атаулары қайталанған", ru="повтор названий столбцов", en="the column names again"
)
FOOTER = rule("footer", kk="кестеден кейінгі мәтін", ru="текст под таблицей", en="text below the table")
TOTAL = rule("total_row", kk="жиынтық жолы", ru="строка итогов", en="a line of totals")
COLUMN_NUMBERS = rule("column_numbers", kk="бағандардың нөмірлері", ru="номера столбцов", en="a line of column numbers")
OTHER_STATE = rule(
    "mapping_only",
    kk="сәйкестік файлы бойынша бұл күйдегі жолдар есептелмейді",
    ru="по файлу сопоставления строки в таком состоянии не считаются",
    en="rows in such a state do not count, says the mapping file",
)
TOLD_BY_PARTS = rule(
    "told_by_parts",
    kk="жиынтығы, бөліктері жеке жолдарда айтылған",
    ru="итог того, что сказано отдельными строками",
    en="the sum of what other rows tell part by part",
)

COMMON = (
    BLANK,
    LATER,
    NOTHING_THERE,
    ZERO,
    OWN,
    FIAT,
    SAME,
    UNFINISHED,
    NOTHING_FILLED,
    UNDONE,
    PENDING,
    REPEATED_HEADER,
    FOOTER,
    TOTAL,
    COLUMN_NUMBERS,
    TOLD_BY_PARTS,
)

__all__ = [
    "BLANK",
    "COLUMN_NUMBERS",
    "COMMON",
    "FIAT",
    "FOOTER",
    "LATER",
    "NOTHING_FILLED",
    "NOTHING_THERE",
    "OTHER_STATE",
    "OWN",
    "PENDING",
    "REPEATED_HEADER",
    "SAME",
    "TOLD_BY_PARTS",
    "TOTAL",
    "UNDONE",
    "UNFINISHED",
    "ZERO",
]
