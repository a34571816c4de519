"""`salyq office demo`: writes the made-up country into an empty office, with accounts and their sign-in links."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from psycopg.types.json import Jsonb

from salyq.civil.days import kz_day
from salyq.office.demonstration.cases import EVERY_OFFICE, deeds, file_tables
from salyq.office.demonstration.country import Country
from salyq.office.ledger import seals
from salyq.office.ledger.gate import Gate
from salyq.office.people import accounts, keys
from salyq.office.pilots import demo as pilot
from salyq.office.pilots import showing
from salyq.office.pilots.city import demo as city
from salyq.office.pilots.city.invoices import City
from salyq.office.pilots.corridor import demo as corridor
from salyq.office.pilots.corridor.pair import pair
from salyq.office.procedures.take import JOBS
from salyq.office.registry.model import Subject
from salyq.office.registry.write import write
from salyq.office.store import entries
from salyq.office.store.clock import FixedClock
from salyq.office.store.errors import StoreError
from salyq.office.store.ids import Ids
from salyq.office.store.jobs import run_due
from salyq.office.store.store import Access, Store, Transaction

SEED = 2026
DEMO_FILE = "demo.json"
MADE_UP = "made_up"
_NOON = time(5, 0, tzinfo=UTC)  # ten in the morning of Kazakhstan, twelve before March 2024
_WEEKS = timedelta(weeks=11)
_CITY = 4  # of the sandbox's participants
_LINKS_LAST = timedelta(days=3650)
_REGISTRAR = Access(user="demo", role="officer", office="ministry,nbk,afsa,afm,ardfm,alatau")


class User(NamedTuple):
    """`register`: the account speaks for the first firm of that register."""

    name: str
    role: str
    office: str = ""
    register: str = ""
    number: int = 0
    iin: str | None = None


USERS = (
    User("public", "applicant"),
    User("miner", "applicant", register="miners", number=30),
    User("exchange", "applicant", register="exchange_operators"),
    User("officer", "officer", EVERY_OFFICE, iin="750103300015"),
    User("second_officer", "second_officer", EVERY_OFFICE, iin="820515400027"),
    User("card_issuer", "applicant", register="sandbox_participants", number=0),
    User("bank", "applicant", register="sandbox_participants", number=1),
    User("pool", "applicant", register="pools"),
    User("trader", "applicant", iin="930417400007"),  # the made-up person of examples/aliya
    User("head", "head", EVERY_OFFICE, iin="681122300036"),
    User("afm_officer", "officer", "afm", iin="900228400044"),
    User("auditor", "auditor"),
    User("administrator", "administrator"),
    User("dfa_operator", "applicant", register="dfa_platforms"),
    User("dfa_issuer", "applicant", register="dfa_issues"),
)
REPRESENTATIVE = User("representative", "representative")  # acts for the miner and for the pool, by their delegation


def is_made_up(tx: Transaction) -> dict[str, Any] | None:
    """What the office says of its demonstration ({"seed": …}), or None for a real one."""
    found: dict[str, Any] | None = tx.value(b"select value from store.fact where name = 'made_up'")
    return found


def make(store: Store, folder: Path, seed: int = SEED, step: Callable[[str], None] = lambda _: None) -> dict[str, Any]:
    """Makes the country up to the office's today and writes demo.json; answers with its content.

    An office that already holds entries is refused; the same demonstration, asked for again, is answered as it is.
    """
    with store.transaction() as tx:
        already, count = is_made_up(tx), entries.size(tx)
    if already is not None:
        if already["seed"] != seed or not (folder / DEMO_FILE).exists():
            raise StoreError("demo_other", seed=already["seed"])
        _tell_people_apart(store)
        found: dict[str, Any] = json.loads((folder / DEMO_FILE).read_text(encoding="utf-8"))
        return found
    if count:
        raise StoreError("demo_not_empty", entries=count)
    today = store.clock.now()
    country = Country(seed, kz_day(today))
    past = FixedClock(datetime.combine(date(2023, 4, 1), _NOON))
    clock, ids = store.clock, store.ids
    store.clock, store.ids = past, Ids(seed)
    try:
        with store.transaction(_REGISTRAR) as tx:
            tx.run(
                b"insert into store.fact(name, value) values (%(n)s, %(v)s)", {"n": MADE_UP, "v": Jsonb({"seed": seed})}
            )
        _live(store, country, past, today)
        document = _people(store, country, seed)
        with store.transaction(Access("pool", "applicant", organisations=(country.firms["pools"][0].id,))) as tx:
            file_tables(tx, country, folder)
    finally:
        store.clock, store.ids = clock, ids
    document |= _pilots(store, country, seed, today)
    with store.transaction(_REGISTRAR) as tx:
        document["users"] += _people_of_pilots(tx, document)
    path = folder / DEMO_FILE
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    path.chmod(0o600)
    step("demo")
    return document


def _pilots(store: Store, country: Country, seed: int, today: datetime) -> dict[str, Any]:
    """The pilots of the sandbox's participants: contracts, holders with coins, and weeks of payments up to today."""
    firms, numbers = country.firms["sandbox_participants"], country.numbers["sandbox_participants"]
    granted = max(h.entry.valid_from for h in country.happenings if h.entry.number in numbers[:5])
    begun = kz_day(today - _WEEKS) >= granted and len(numbers) > _CITY  # else there was no time for anything yet
    past = FixedClock(today - _WEEKS if begun else today)
    clock, store.clock = store.clock, past
    told: dict[str, Any] = {}
    try:
        with Gate(store.url, past) as gate:
            made = pilot.programme(store, gate, number=numbers[0], participant=firms[0].id, seed=seed)
            corridor.origin(store, gate, number=numbers[1], participant=firms[1].id)
            corridor.sender(gate, corridor.SENDER, corridor.SENDER_TIYN)
            if begun:
                told = _weeks(store, gate, past, today, made, country, random.Random(f"pilots {seed}"))  # noqa: S311
    finally:
        store.clock = clock
    return {**told, "cards": pilot.told(made), "card_port": pilot.PORT, "corridor": corridor.told(numbers[1])}


def _weeks(
    store: Store,
    gate: Gate,
    past: FixedClock,
    today: datetime,
    made: Sequence[pilot.MadeCard],
    country: Country,
    chance: random.Random,
) -> dict[str, Any]:
    """Weeks of payments; what was authorised this morning is not cleared yet."""
    numbers = country.numbers["sandbox_participants"]
    firm, name = country.firms["sandbox_participants"][_CITY], numbers[_CITY]
    days = (kz_day(past.now()), kz_day(today) + timedelta(days=730))
    shops, people = city.programme(store, gate, number=name, participant=firm.id, days=days, who=firm)
    with pair(store, gate, numbers[1]) as nodes:
        showing.weeks(
            store,
            gate,
            past,
            today,
            chance,
            made=made,
            pair=nodes,
            city=City(store, gate, name),
            shops=shops,
            people=people,
        )
    past.move(today)
    with store.transaction(_REGISTRAR) as tx:
        pilot.feed(tx, pilot.TERMS["assets"], tx.now)
        corridor.feed(tx, tx.now)
        seals.seal(tx)  # what follows waits for the end of its hour
    showing.cards(store, gate, made, today, chance)
    merchants = [{"id": s.id, "name": s.name} for s in shops]
    return {"city": {"contract": name, "merchants": merchants, "payers": people}}


def _live(store: Store, country: Country, past: FixedClock, today: datetime) -> None:
    """Day after day: what was written into registers, then what people did; jobs that fell due run on the way."""
    writes = {day: [h.entry for h in group] for day, group in groupby(country.happenings, key=lambda h: h.day)}
    done = {day: list(group) for day, group in groupby(deeds(country), key=lambda d: d.day)}
    for day in sorted({*writes, *done}):
        noon = min(datetime.combine(day, _NOON), today)
        if done and day >= min(done):
            run_due(store, JOBS, noon)
        past.move(noon)
        if day in writes:
            with store.transaction(_REGISTRAR) as tx:
                write(tx, writes[day])
        for deed in done.get(day, ()):
            with store.transaction(deed.who) as tx:
                deed.do(tx)
    past.move(today)


def _people_of_pilots(tx: Transaction, document: dict[str, Any]) -> list[dict[str, str]]:
    """A card holder, a payer and a merchant of the city, each for himself."""
    wanted = [("card_holder", document["cards"][0]["holder"], "Карта ұстаушы")]
    if city_ := document.get("city"):
        wanted += [("city_payer", city_["payers"][0], "Төлеуші")]
        wanted += [("city_merchant", city_["merchants"][0]["id"], "Дүкен")]
    return [_user(tx, User(name, "applicant"), Subject(number, shown)) for name, number, shown in wanted]


def _user(tx: Transaction, user: User, firm: Subject | None) -> dict[str, str]:
    """An account that speaks for `firm`, with its link and key."""
    who = accounts.add_account(tx, user.name, user.role, office=user.office, iin=user.iin)
    if firm is not None:
        accounts.add_organisation(tx, firm.id, firm.name)
        accounts.delegate(tx, who, firm.id, first=date(2023, 4, 1))
    link = accounts.make_link(tx, who, many=True, lasts=_LINKS_LAST)
    told = {"name": user.name, "role": user.role, "link": f"/kk/sign-in?token={link}"}
    return told | {"key": keys.make_key(tx, who, "demo"), "organisation": firm.id if firm else ""}


def _tell_people_apart(store: Store) -> None:
    """Officials of a country that was made before they had IINs get theirs: else they could decide nothing."""
    with store.transaction(_REGISTRAR) as tx:
        for user in USERS:
            who = accounts.named(tx, user.name)
            if user.iin and who is not None and who.iin is None:
                accounts.state_iin(tx, who, user.iin)


def _delegated(tx: Transaction, name: str) -> None:
    """Who owns what lets the representative act for it, from this month until the end of the next year."""
    owner, to = accounts.named(tx, name), accounts.named(tx, REPRESENTATIVE.name)
    assert owner is not None
    assert to is not None
    today = kz_day(tx.now)
    [mine] = accounts.organisations_of(tx, owner)
    accounts.delegate(
        tx, to, mine.bin, first=today.replace(day=1), last=date(today.year + 1, 12, 31), given_by=owner.id
    )


def _people(store: Store, country: Country, seed: int) -> dict[str, Any]:
    users: list[dict[str, str]] = []
    with store.transaction(_REGISTRAR) as tx:
        for user in USERS:
            firm = country.firms[user.register][user.number] if user.register else None
            users.append(_user(tx, user, firm))
        users.append(_user(tx, REPRESENTATIVE, None))
        for name in ("miner", "pool"):
            _delegated(tx, name)
    shown = {code: found for code, found in country.numbers.items() if code != "criminal_wallets"}
    document: dict[str, Any] = {"made_up": True, "seed": seed, "users": users, "numbers": shown}
    return document | {"cards": [], "card_port": None, "corridor": None}
