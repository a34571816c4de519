"""Names are found however they are written: a small benchmark of pairs, recall at the first page ≥ 0.95."""

from __future__ import annotations

import random
from datetime import date
from fractions import Fraction

import pytest

from salyq.office.registry import names
from salyq.office.registry.model import Subject
from salyq.office.registry.read import AsOf, Wanted, records
from salyq.office.registry.write import Proposed, write
from salyq.office.store.store import Store

# What stands in the register | how people write it
PAIRS = """
Қайрат Сейітұлы Әбілов | Кайрат Абилов | Kairat Abilov | Qayrat Abilov | Қайрат Әбілов | Kayrat Abilov
Айгүл Нұрланқызы Жұмабаева | Айгуль Жумабаева | Aigul Zhumabayeva | Aigul Zhumabaeva | Айгуль Нурлановна Жумабаева
Ғалымжан Өтеғалиев | Галымжан Утегалиев | Galymzhan Otegaliyev | Ğalymjan Öteğaliev | Галымжан Отегалиев
Һәкім Ыбыраев | Хаким Ибраев | Hakim Ybyrayev | Хаким Ыбыраев
Шыңғыс Қонысбаев | Шынгыс Конысбаев | Чингис Конысбаев | Shyngys Konysbayev | Şyñğys Qonysbaev | Chingis Konysbaev
Жәнібек Құнанбаев | Жанибек Кунанбаев | Zhanibek Kunanbayev | Janibek Qunanbaev | Жанибек Кунанбай
Нұрсұлтан Төлегенов | Нурсултан Тулегенов | Nursultan Tolegenov | Nursultan Tulegenov
Әсем Үмбетова | Асем Умбетова | Asem Umbetova | Assem Umbetova | Äsem Ümbetova
Ерғали Шәріпов | Ергали Шарипов | Yergali Sharipov | Ergali Sharipov
Ұлжан Мәжитова | Улжан Мажитова | Ulzhan Mazhitova | Uljan Majitova
«Алтын Дала Майнинг» ЖШС | ТОО Алтын Дала Майнинг | Altyn Dala Mining LLP | Altyn Dala Mayning | алтын дала
«Қазақ Есептеу Орталығы» ЖШС | ТОО «Казак Есептеу Орталыгы» | Qazaq Esepteu Ortalygy | Kazak Esepteu
«Сарыарқа Хэш» ЖШС | ТОО Сарыарка Хэш | Saryarka Hash LLP | Saryarqa Hesh | сарыарка
«Ұлытау Энерго» АҚ | АО «Улытау Энерго» | Ulytau Energo JSC | Ulytau Energo
«Ертіс Цифр» ЖШС | ТОО Иртыш Цифр | Ertis Tsifr | Yertis Tsifr LLP | Ертис Цифр
«Көкше Пул» ЖШС | ТОО Кокше Пул | Kokshe Pool | Kökşe Pul
«Жетісу Қуат» ЖШС | Жетысу Куат | Zhetisu Kuat | Jetisu Quat | Жетису Куат
«Іле Блок» ЖШС | Иле Блок | Ile Block | Ile Blok
«Түркістан Крипто Айырбас» АҚ | Туркестан Крипто Айырбас | Turkistan Crypto Aiyrbas | Turkestan Kripto
«Еңбек Актив» ЖШС | Енбек Актив | Yenbek Aktiv | Enbek Active | Eñbek Aktiv
«Юпитер Плюс» ЖШС | Юпитер Плюс ТОО | Yupiter Plus | Iupiter Plyus | Jupiter Plus
«Яссы Трейд» ЖШС | Яссы Трейд | Yassy Trade | Iassy Treid
«Щучинск Майн» ЖШС | Щучинск Майн | Shchuchinsk Main | Schuchinsk Mine
«Цесна Токен» АҚ | Цесна Токен | Tsesna Token | Cesna Token
Болат Қуандықұлы Ержанов | Болат Куандыкович Ержанов | Bolat Yerzhanov | Bolat Erjanov | Ержанов Болат
Дина Мұратқызы Сүлейменова | Дина Муратовна Сулейменова | Dina Suleimenova | Dina Süleimenova | Сулейменова Дина
Әлия Қасымова | Алия Касымова | Aliya Kasymova | Äliia Qasymova | Алия Қасымова | Alia Kasimova
Төреғали Жақсылықов | Турегали Жаксылыков | Toregali Zhaksylykov | Torегали Жаксылыков
"""
GIVEN = (
    "Айдос Бауыржан Гүлнар Дәурен Ерлан Жанар Зарина Ислам Қуаныш Ләззат "
    "Мадина Нұржан Олжас Перизат Рауан Сәуле Тимур Ұлан Фариза Шолпан"
)
FAMILY = (
    "Ахметов Бекова Ғабдуллин Досжанов Есенова Жанұзақов Исаева Қалиев Лекеров "
    "Молдабеков Нұғманова Оспанов Рахимова Сәрсенов Тұрғынбаев Уәлиева Хасенов Шаймерденов"
)
FIRMS = (
    "Дала Майнинг|Нұр Хэш|Орал Блок|Каспий Трейд|Алтай Пул|"
    "Сайрам Актив|Балқаш Энерго|Қостанай Цифр|Шу Крипто|Баянауыл Токен"
)


def pairs() -> list[tuple[str, list[str]]]:
    rows = [line.split(" | ") for line in PAIRS.strip().splitlines()]
    return [(row[0], row[1:]) for row in rows]


@pytest.fixture
def population(store: Store) -> Store:
    """The names among 600 others that look alike."""
    chance = random.Random(1)
    people = {f"{chance.choice(GIVEN.split())} {chance.choice(FAMILY.split())}" for _ in range(400)}
    firms = {f"«{f} {n}» ЖШС" for f in FIRMS.split("|") for n in range(1, 31)}
    every = [*sorted(people), *sorted(firms), *(name for name, _ in pairs())]
    fields = {"kind": "II", "until": "2029-01-01", "region": "350000000"}
    ground = {"act": "law-193-vii", "article": "9"}
    with store.transaction() as tx:
        write(
            tx,
            [
                Proposed("miners", f"M-2026-{n:04}", "granted", date(2026, 1, 1), Subject("", name), fields, ground)
                for n, name in enumerate(every)
            ],
        )
    return store


def test_recall_at_the_first_page(population: Store) -> None:
    asked, missed = 0, []
    with population.transaction() as tx:
        for name, written in pairs():
            for q in [name, *written]:
                asked += 1
                found = records(tx, "miners", Wanted(q=q), AsOf(date(2026, 6, 1)))
                if name not in {r.subject_name for r in found.items}:
                    missed.append(f"{q} -> {name}: {names.sought(q)} {names.key(name)}")
    print(f"{asked - len(missed)} of {asked}", *missed, sep="\n")
    assert asked > 120
    assert Fraction(asked - len(missed), asked) >= Fraction(95, 100), "\n".join(missed)


def test_what_is_not_there_is_not_found(population: Store) -> None:
    with population.transaction() as tx:
        for q in ("Мухтархан", "Binance", "Xyzzy", "ТОО Барселона"):
            assert records(tx, "miners", Wanted(q=q), AsOf(date(2026, 6, 1))).total == 0, q


def test_the_key_of_an_odd_text_is_a_text() -> None:
    for text in ("", "   ", "«»", "ЖШС", "漢字", "a" * 5000, "'; drop table x; --", "\x00x"):
        assert isinstance(names.key(text), str)
    assert names.key("ТОО") == names.key("тоо")


def test_a_word_that_everybody_has_is_found_and_filtered(store: Store) -> None:
    """More records than a search chooses from: the filter must reach every one of them."""
    fields = {"kind": "II", "until": "2029-01-01", "region": "350000000"}
    ground = {"act": "law-193-vii", "article": "9"}
    rare = {**fields, "region": "750000000"}
    with store.transaction() as tx:
        write(
            tx,
            [
                Proposed(
                    "miners",
                    f"M-2026-{n:04}",
                    "granted",
                    date(2026, 1, 1),
                    Subject("", f"«Майнинг Тау {'Сирек' if n == 650 else n % 7}» ЖШС"),
                    rare if n > 690 else fields,
                    ground,
                )
                for n in range(700)
            ],
        )
    day = AsOf(date(2026, 6, 1))
    with store.transaction() as tx:
        every = records(tx, "miners", Wanted(q="майнинг"), day)
        assert (every.total, every.next) == (200, "25")
        few = records(tx, "miners", Wanted(q="Mining", region="750000000"), day)
        assert [r.number for r in few.items] == [f"M-2026-{n:04}" for n in range(691, 700)]
        both = records(tx, "miners", Wanted(q="Тау Майнинг", region="750000000"), day)
        assert both.total == 9
        assert records(tx, "miners", Wanted(q="Майнинг Сирек"), day).items[0].number == "M-2026-0650"
        for q in ("M-2026-0650", "m-2026-0650", "0650"):
            assert [r.number for r in records(tx, "miners", Wanted(q=q), day).items] == ["M-2026-0650"]
        assert records(tx, "miners", Wanted(q="50%"), day).total == 0


def test_a_name_is_found_on_the_days_that_it_was_borne(store: Store) -> None:
    fields = {"kind": "II", "until": "2029-01-01", "region": "350000000"}
    ground = {"act": "law-193-vii", "article": "9"}
    with store.transaction() as tx:
        old = Proposed("miners", "M-2026-0001", "granted", date(2026, 1, 1), Subject("", "Қызғалдақ"), fields, ground)
        write(tx, [old])
        write(tx, [Proposed("miners", "M-2026-0001", "changed", date(2026, 3, 1), Subject("", "Бәйшешек"), {}, ground)])
    with store.transaction() as tx:
        for day, name, total in (
            (date(2026, 2, 1), "Кызгалдак", 1),
            (date(2026, 6, 1), "Кызгалдак", 0),
            (date(2026, 6, 1), "Bayshesek", 1),
            (date(2026, 2, 1), "Бәйшешек", 0),
        ):
            assert records(tx, "miners", Wanted(q=name), AsOf(day)).total == total, (day, name)
            assert records(tx, "miners", Wanted(q=name), AsOf(day, tx.now)).total == total, (day, name)
