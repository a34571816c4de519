"""What must hold whatever the files say: no row lost, no order felt, no overlap counted, no side matched twice."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from reconcile_world import PERSON, START, bare, coins, payout, reading

from salyq.civil.days import kz_day
from salyq.reconcile import reconcile
from salyq.reconcile.holdings import SENT, holdings
from salyq.reconcile.legs import legs
from salyq.reconcile.model import Ledger
from salyq.reconcile.order import sort_key
from salyq.records.model import Payout, Record

FEW = settings(max_examples=60, deadline=None)
Files = dict[str, list[Record]]

KINDS = st.sampled_from(
    ["buy", "sell", "swap_in", "swap_out", "mined", "fee", "spend"] + ["transfer_in", "transfer_out"] * 4
)


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Out of few values, so that rows collide: equal, near, half equal."""
    kind = draw(KINDS)
    time = START + timedelta(minutes=draw(st.sampled_from([0, 1, 1, 30, 31, 600, 1500, 4000])))
    deal = kind in ("buy", "sell")
    p2p = kind.startswith("transfer") and draw(st.booleans()) and draw(st.booleans())
    return Record(
        time=time,
        day=kz_day(time),
        kind=kind,
        asset=draw(st.sampled_from(["BTC", "USDT"])),
        quantity=coins(draw(st.sampled_from(["1", "1", "0.9995", "0.5", "2"]))),
        value=coins("100") if deal else None,
        currency=draw(st.sampled_from(["KZT", "USDT"])) if deal else None,
        fee=draw(st.sampled_from([None, None, coins("0.0005")])),
        fee_asset=draw(st.sampled_from([None, "BTC", "BNB"])),
        account=draw(st.sampled_from(["binance", "wallet", "okx", ""])),
        counterparty="p2p" if p2p else draw(st.sampled_from([None, None, None, "wallet", "nobody"])),
        group=draw(st.sampled_from([None, "g1", "g2"])),
        note=draw(st.sampled_from([None, None, "by hand"])),
        id=draw(st.sampled_from([None, None, None, "1", "2"])),
        hash=draw(st.sampled_from([None, None, None, "ab", "cd"])),
    )


@st.composite
def reversals(draw: st.DrawFn) -> Record:
    back = draw(records())
    return back._replace(kind="reversal", group=draw(st.sampled_from(["1", "2", "3"])), id=None)


FILES = st.dictionaries(
    st.sampled_from(["a.csv", "b.csv", "sub/c.csv"]),
    st.lists(st.one_of(records(), records(), records(), reversals()), max_size=12),
    max_size=3,
)
PAYOUTS = st.lists(
    st.builds(
        lambda n, q, w: payout(kz_day(START) + timedelta(days=n), "BTC", q, wallet=w),
        st.integers(-1, 3),
        st.sampled_from(["1", "0.5", "0.9995"]),
        st.sampled_from([None, "wallet"]),
    ),
    max_size=4,
)


def told(ledger: Ledger) -> dict[str, object]:
    """All that a ledger says, but for places; sets without an order of their own are sorted."""
    asked = Counter((q.code, q.severity, q.asset, q.quantity, q.year) for q in ledger.questions)
    return {
        "records": bare(ledger.records),
        "transfers": sorted(repr((bare(t[:2]), t.how, t.network_fee)) for t in ledger.transfers),
        "same": sorted(repr((bare(s[:2]), s.how)) for s in ledger.same_events),
        "in": bare(ledger.unmatched_in),
        "out": bare(ledger.unmatched_out),
        "undone": sorted(repr(bare(u)) for u in ledger.undone),
        "sales": ledger.sales,
        "questions": asked,
    }


def further_parts(ledger: Ledger) -> int:
    """Records beyond the first that one row makes: a transfer of several rows on one side is told in parts."""
    split = [t for t in ledger.transfers if t.how == "split"]
    return sum(n - 1 for n in Counter(r.source for t in split for r in (t.sent, t.received)).values())


@FEW
@given(FILES, PAYOUTS)
def test_no_row_is_lost(files: Files, payouts: list[Payout]) -> None:
    found = reading(files, {"p.csv": payouts})
    given_rows = len(found.records) + len(found.payouts)
    ledger = reconcile(found, PERSON)
    reversal_questions = [q for q in ledger.questions if "reversal" in q.code]
    aside = sum(sum(f.ignored.values()) for f in found.files)
    assert all(f.balanced() and f.used >= 0 for f in found.files)
    assert sum(f.used for f in found.files) + aside == given_rows
    in_ledger = len(ledger.records) - further_parts(ledger) + 2 * len(ledger.undone) + len(reversal_questions)
    assert in_ledger + aside == given_rows
    assert sum(f.ignored["told_twice"] for f in found.files) == len(ledger.same_events)
    before = [dict(f.ignored) for f in found.files]
    reconcile(found, PERSON)
    assert before == [dict(f.ignored) for f in found.files]


@FEW
@given(FILES, PAYOUTS, st.integers(0, 2**32))
def test_order_of_rows_and_files_changes_nothing(files: Files, payouts: list[Payout], seed: int) -> None:
    dice = random.Random(seed)
    first = reconcile(reading(files, {"p.csv": payouts}), PERSON)
    names = list(files)
    dice.shuffle(names)
    shuffled = {name: dice.sample(files[name], len(files[name])) for name in names}
    again = reading(shuffled, {"p.csv": dice.sample(payouts, len(payouts))})
    dice.shuffle(again.records)
    assert told(reconcile(again, PERSON)) == told(first)


@FEW
@given(FILES.filter(bool), PAYOUTS, st.data())
def test_any_part_of_a_file_given_again_adds_nothing(files: Files, payouts: list[Payout], data: st.DataObject) -> None:
    first = reconcile(reading(files, {"p.csv": payouts}), PERSON)
    source = data.draw(st.sampled_from(sorted(files)))
    keep = data.draw(st.lists(st.booleans(), min_size=len(files[source]), max_size=len(files[source])))
    part = [r for r, k in zip(files[source], keep, strict=True) if k]
    name = data.draw(st.sampled_from(["0.csv", "z.csv"]))
    some = payouts[: data.draw(st.integers(0, len(payouts)))]
    again = reconcile(reading({**files, name: part}, {"p.csv": payouts, "p2.csv": some}), PERSON)
    assert told(again) == told(first)


@FEW
@given(FILES)
def test_of_each_content_as_many_rows_stay_as_the_richest_file_has(files: Files) -> None:
    simple = {n: [r._replace(id=None, kind="buy", group=None) for r in rows] for n, rows in files.items()}
    ledger = reconcile(reading(simple), PERSON)
    expected: Counter[tuple[object, ...]] = Counter()
    for rows in simple.values():
        expected |= Counter(bare(rows))
    assert Counter(bare(ledger.records)) == expected


@FEW
@given(FILES, PAYOUTS)
def test_transfers_match_each_side_once_and_within_reason(files: Files, payouts: list[Payout]) -> None:
    ledger = reconcile(reading(files, {"p.csv": payouts}), PERSON)
    sides = [r.source for t in ledger.transfers for r in (t.sent, t.received)]
    open_sides = [r.source for r in (*ledger.unmatched_in, *ledger.unmatched_out)]
    assert len(set(sides + open_sides)) == len(sides) - further_parts(ledger) + len(open_sides)
    moves = [r for r in ledger.records if r.kind in ("transfer_in", "transfer_out")]
    assert {r.source for r in moves} == set(sides + open_sides)
    for sent, received, how, fee in ledger.transfers:
        assert (sent.kind, received.kind, sent.asset) == ("transfer_out", "transfer_in", received.asset)
        assert sent.account != received.account or not sent.account
        assert fee == sent.quantity - received.quantity >= 0
        assert "p2p" not in (sent.counterparty, received.counterparty)
        if how == "split":
            assert sent.hash == received.hash or abs(received.time - sent.time) <= timedelta(days=1)
        elif how != "hash":
            assert timedelta(minutes=-5) <= received.time - sent.time <= timedelta(days=3)
            assert sent.hash is None or received.hash is None or sent.hash == received.hash
        else:
            assert sent.hash == received.hash is not None


@FEW
@given(FILES, PAYOUTS)
def test_nothing_owned_appears_or_vanishes(files: Files, payouts: list[Payout]) -> None:
    """Held in the end = acquired − disposed − fees + what came from nowhere − what networks took."""
    ledger = reconcile(reading(files, {"p.csv": payouts}), PERSON)
    expected: Counter[str] = Counter()
    for r in ledger.records:
        for leg in legs(r):
            if leg.kind != "move":
                expected[leg.asset] += leg.quantity
    for r in ledger.unmatched_in:
        expected[r.asset] += r.quantity
    for t in ledger.transfers:
        expected[t.sent.asset] -= t.network_fee
    held: Counter[str] = Counter()
    for h in holdings(ledger, kz_day(START) + timedelta(days=30)):
        held[h.asset] += h.quantity
    assert {a: q for a, q in held.items() if q} == {a: q for a, q in expected.items() if q}
    assert all(h.quantity > 0 for h in holdings(ledger, kz_day(START)) if h.account == SENT)


@FEW
@given(FILES, PAYOUTS)
def test_the_ledger_is_in_order_and_so_are_its_questions(files: Files, payouts: list[Payout]) -> None:
    ledger = reconcile(reading(files, {"p.csv": payouts}), PERSON)
    assert ledger.records == sorted(ledger.records, key=sort_key)
    for n, first in ledger.sales.items():
        a, b = ledger.records[n], ledger.records[first]
        assert first <= n
        assert (a.kind, a.account, a.asset, a.currency, a.day.year) == (
            b.kind,
            b.account,
            b.asset,
            b.currency,
            b.day.year,
        )
    severities = [("error", "warning", "notice").index(q.severity) for q in ledger.questions]
    assert severities == sorted(severities)
    assert all(q.message.text(lang) for q in ledger.questions for lang in ("kk", "ru", "en"))
