"""Variants that exports of many years show: layouts, operations, states, spellings. All rows are made up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rendering import lines_of

from salyq.civil.errors import InputError
from salyq.civil.numbers import format_scaled
from salyq.records.reading import Reading
from salyq.sources.day_order import order_of, orders, plain

Read = Callable[..., Reading]
STATEMENT = "User_ID,UTC_Time,Account,Operation,Coin,Change,Remark\n"
APP = (
    "Timestamp (UTC),Transaction Description,Currency,Amount,To Currency,To Amount,Native Currency,Native Amount,"
    "Native Amount (in USD),Transaction Kind,Transaction Hash\n"
)


def brief(reading: Reading) -> list[str]:
    """line kind quantity asset [for value currency] [fee …], and rejections and rules, in the order of the file."""
    found = []
    for r in reading.records:
        words = f"{r.source.line} {r.kind} {format_scaled(r.quantity)} {r.asset}"
        words += f" for {format_scaled(r.value)} {r.currency}" if r.value is not None else ""
        words += f" fee {format_scaled(r.fee)} {r.fee_asset}" if r.fee is not None else ""
        words += f" with {r.counterparty}" if r.counterparty else ""
        found.append((r.source.line, r.kind == "swap_in", words))
    (report,) = reading.files
    for no in report.rejected:
        found.append((no.source.line, False, f"{no.source.line} REJECTED {no.reason.code}"))
    return [words for _, _, words in sorted(found)] + [f"{rule} {n}" for rule, n in sorted(report.ignored.items())]


def days(reading: Reading) -> list[str]:
    return [f"{r.time:%Y-%m-%d %H:%M}" for r in reading.records]


def codes(reading: Reading) -> set[str]:
    return {message.code for _, message in reading.notices}


# Days whose order has to be told


def test_the_whole_file_tells_the_order_of_day_and_month(read: Read) -> None:
    rows = ["3/4/2022 9:05", "12/25/2022 23:59", "1/2/2023 0:00"]
    american = APP + "".join(f"{t},x,CRO,1,,,USD,1,1,referral_gift,\n" for t in rows)
    assert days(read(american)) == ["2022-03-04 09:05", "2022-12-25 23:59", "2023-01-02 00:00"]
    european = american.replace("12/25/2022", "25/12/2022")
    assert days(read(european)) == ["2022-04-03 09:05", "2022-12-25 23:59", "2023-02-01 00:00"]
    untold = american.replace("12/25/2022", "12/11/2022")
    assert [no.reason.code for no in read(untold).files[0].rejected] == ["row_bad_venue_time"] * 3
    both = american.replace("1/2/2023", "25/12/2023")  # each way once: only what tells itself is read
    reading = read(both)
    assert days(reading) == ["2022-12-25 23:59", "2023-12-25 00:00"]
    assert [no.source.line for no in reading.files[0].rejected] == [2]


def test_a_clock_of_twelve_hours_in_either_order(read: Read) -> None:
    head = "txid,refid,time,type,subtype,aclass,asset,amount,fee,balance\n"
    row = "L{n},R{n},{time},deposit,,currency,XXBT,1,0,{n}\n"
    times = ["13/02/2024 1:05 PM", "03/02/2024 12:00 AM"]
    text = head + "".join(row.format(n=n, time=time) for n, time in enumerate(times, 1))
    assert days(read(text)) == ["2024-02-13 13:05", "2024-02-03 00:00"]
    assert days(read(text.replace("13/02/2024", "12/02/2024"))) == ["2024-12-02 13:05", "2024-03-02 00:00"]  # American


def test_years_of_two_digits(read: Read) -> None:
    text = STATEMENT + "1,1/22/24 5:06,Spot,Deposit,BTC,1,\n1,24-01-23 05:06:07,Spot,Deposit,BTC,1,\n"
    assert days(read(text)) == ["2024-01-22 05:06", "2024-01-23 05:06"]


@settings(max_examples=60)
@given(st.dates(min_value=date(2010, 1, 1), max_value=date(2034, 12, 31)))
def test_a_day_is_never_read_in_an_order_that_the_file_does_not_tell(day: date) -> None:
    texts = {order: f"{day:{form}}" for order, form in (("dmy", "%d/%m/%Y"), ("mdy", "%m/%d/%Y"))}
    for order, text in texts.items():
        assert order in orders(text)
        assert plain(text, order) == str(day)
        if len(orders(text)) == 1:
            assert plain(text, None) == str(day)
            assert order_of([text, "01/02/2024"]) == order
        else:
            assert plain(text, None) == text


# Lines that are no CSV


def test_a_broken_line_takes_no_other_with_it(read: Read) -> None:
    rows = [
        '1,2024-01-01 00:00:00,Spot,Deposit,BTC,1,"open',
        "1,2024-01-02 00:00:00,Spot,Deposit,BTC,2,",
        '1,2024-01-03 00:00:00,Spot,Deposit,BTC,3,"a"b',
        '1,2024-01-04 00:00:00,Spot,Deposit,BTC,4,"two\nlines"',
        '1,2024-01-05 00:00:00,Spot,Deposit,BTC,5,"',
    ]
    reading = read(STATEMENT + "\n".join(rows) + "\n")
    assert brief(reading) == [
        "2 REJECTED file_bad_csv",
        "3 transfer_in 2 BTC",
        "4 REJECTED file_bad_csv",
        "5 transfer_in 4 BTC",
        "7 REJECTED file_bad_csv",
    ]
    many = "".join(f"1,2024-01-01 00:00:{n % 60:02d},Spot,Deposit,BTC,1,\n" for n in range(300))
    reading = read(STATEMENT + rows[0] + "\n" + many)
    assert (len(reading.records), len(reading.files[0].rejected)) == (300, 1)


def test_a_quote_that_never_closes_over_no_table(read: Read) -> None:
    with pytest.raises(InputError):
        read(STATEMENT + '1,2024-01-01 00:00:00,Spot,Deposit,BTC,1,"' + "prose\n" * 50)


# Binance


def test_binance_dust_of_many_coins_over_two_seconds(read: Read) -> None:
    rows = [
        "1,2024-02-01 10:00:00,Spot,Small assets exchange BNB,AAA,-0.5,",
        "1,2024-02-01 10:00:00,Spot,Small assets exchange BNB,BBB,-7E-3,",
        "1,2024-02-01 10:00:01,Spot,Small assets exchange BNB,CCC,-2,",
        "1,2024-02-01 10:00:01,Spot,Small assets exchange BNB,BNB,0.001,",
        "1,2024-02-01 10:00:01,Spot,Small assets exchange BNB,BNB,0.002,",
    ]
    expected = ["2 swap_out 0.5 AAA", "3 swap_out 0.007 BBB", "4 swap_out 2 CCC", "5 swap_in 0.003 BNB"]
    reading = read(STATEMENT + "\n".join(rows))
    assert brief(reading) == expected
    assert len({r.group for r in reading.records}) == 1
    assert codes(reading) == {"notice_converted_together"}
    assert sum(map(len, reading.files[0].joined.values())) == 1


def test_binance_purchases_by_card(read: Read) -> None:
    rows = [
        "1,2024-02-01 10:00:00,Spot,Buy Crypto,USDT,100.5,",  # the money never touched the account
        "1,2024-02-02 10:00:00,Spot,Buy Crypto,EUR,50,N1",
        "1,2024-02-02 10:00:00,Spot,Buy Crypto,EUR,-50,N1",
        "1,2024-02-02 10:00:00,Spot,Buy Crypto,USDT,53,N1",
        "1,2024-02-03 10:00:00,Spot,Buy Crypto,EUR,20,N2",
        "1,2024-02-03 10:00:01,Spot,Buy Crypto,USDT,21,N2",
        "1,2024-02-03 10:00:01,Spot,Buy Crypto,EUR,-20,N2",
    ]
    assert brief(read(STATEMENT + "\n".join(rows))) == [
        "2 transfer_in 100.5 USDT with binance fiat",
        "5 buy 53 USDT for 50 EUR",
        "7 buy 21 USDT for 20 EUR",
        "fiat_movement 2",
    ]


def test_binance_operations_of_many_years(read: Read) -> None:
    rows = [
        "Spot,Token Swap - Redenomination/Rebranding,OLD,-10",
        "Spot,Token Swap - Distribution,NEW,5",
        "Cross Margin,BNB Fee Deduction,BNB,-0.5",
        "Isolated Margin,BNB Fee Deduction,BNB,-0.5",
        "Isolated Margin,BNB Fee Deduction,USDT,150",
        "Card,Binance Card Spending,BTC,0.1",
        "Spot,Super BNB Mining,BNB,0.1",
        "Spot,Margin Fee,BTC,-0.1",
        "Spot,Liquid Swap add,BTC,-0.1",
        "Spot,Transfer Between Spot and Funding,BTC,-0.1",
        "Spot,Strategy Trading Fee Rebate,BNB,-0.2",
        "Funding,Payment,USDT,-3",
        "Spot,Referee Commission,USDT,+3",
        "Spot,Some New Thing,USDT,3",
    ]
    text = "".join(f"1,2024-02-{n:02d} 10:00:00,{row},\n" for n, row in enumerate(rows, 1))
    text = text.replace("2024-02-05", "2024-02-04")  # the two halves of a fee paid in BNB instead
    assert brief(read(STATEMENT + text)) == [
        "2 transfer_out 10 OLD with binance token swap",
        "3 transfer_in 5 NEW with binance token swap",
        "4 fee 0.5 BNB",
        "5 swap_out 0.5 BNB",
        "6 swap_in 150 USDT",
        "7 transfer_in 0.1 BTC",
        "8 staked 0.1 BNB",
        "9 REJECTED binance_not_covered",
        "10 REJECTED binance_not_covered",
        "12 fee 0.2 BNB",
        "13 transfer_out 3 USDT with binance pay",
        "14 airdrop 3 USDT",
        "15 REJECTED binance_unknown_operation",
        "own_sub_account 1",
    ]


def test_coins_with_the_ticker_of_a_currency(read: Read) -> None:
    rows = "1,2024-10-20 10:00:00,Spot,Transaction Buy,SCR,10,\n1,2024-10-20 10:00:00,Spot,Transaction Spend,USDT,-9,\n"
    assert brief(read(STATEMENT + rows)) == ["2 swap_in 10 SCROLL", "3 swap_out 9 USDT"]
    order = (
        "Order Number,Order Type,Asset Type,Fiat Type,Total Price,Price,Quantity,Exchange rate,Couterparty,Status,"
        "Created Time\n1,Buy,MNT,MNT,7000,3500,2,,x,Completed,2024-10-20 10:00:00\n"
    )
    assert brief(read(order)) == ["2 buy 2 MANTLE for 7000 MNT with x"]


def test_p2p_states_and_a_zone_in_the_header(read: Read) -> None:
    head = (
        "Order Number,Advertisement Order Number,Order Type,Asset Type,Fiat Type,Total Price,Price,Quantity,"
        "Exchange rate,Maker Fee,Maker Fee Rate,Taker Fee,Taker Fee Rate,Couterparty,Status,Created Time(UTC+5)\n"
    )
    row = '{n},9,Sell,USDT,KZT,"45,000.00",450,100,,0.1,0.001,,,y,{status},2024-03-01 02:00:00\n'
    states = ("Completed", "Cancelled", "System cancelled", "Expired", "Завершено")
    reading = read(head + "".join(row.format(n=n, status=s) for n, s in enumerate(states)))
    assert brief(reading) == [
        "2 sell 100 USDT for 45000 KZT fee 0.1 USDT with y",
        "6 REJECTED row_bad_choice",
        "not_completed 3",
    ]
    assert days(reading) == ["2024-02-29 21:00"]


def test_binance_orders_count_when_they_were_filled(read: Read) -> None:
    text = (
        "Date(UTC);OrderNo;Pair;Type;Side;Order Price;Order Amount;Time;Executed;Average Price;Trading total;Status\n"
        "2024-01-02 03:04:05;7;BTCUSDT;Limit;BUY;40000;1BTC;2024-01-02 04:00:00;0.5BTC;40000;20000USDT;FILLED\n"
        "2024-01-02 03:04:05;8;BTCUSDT;Limit;BUY;40000;1BTC;2024-01-02 04:00:00;0BTC;0;0USDT;CANCELED\n"
    )
    reading = read(text)
    assert brief(reading) == ["2 swap_out 20000 USDT", "2 swap_in 0.5 BTC", "nothing_filled 1"]
    assert set(days(reading)) == {"2024-01-02 04:00"}


# Others


def test_crypto_com_orders_held_and_committed_and_a_swap_told_twice(read: Read) -> None:
    rows = [
        "2025-01-01 10:00:00,USD -> SOL,USD,-20,SOL,0.1,USD,20,20,trading.limit_order.cash_account.purchase_lock,",
        "2025-01-02 10:00:00,USD -> SOL,USD,-20,SOL,0.1,USD,20,20,trading.limit_order.cash_account.purchase_commit,",
        "2025-01-03 10:00:00,USD -> SOL,USD,20,SOL,0.1,USD,20,20,trading.limit_order.fiat_wallet.purchase_unlock,",
        "2025-01-04 10:00:00,Shop,EUR,-5,,,EUR,-5,-5,,",
        "2020-08-05 10:00:00,Overall,MCO,-3.5,,,EUR,1,1,dynamic_coin_swap_debited,",
        "2020-08-05 10:00:00,Overall,CRO,99,,,EUR,1,1,dynamic_coin_swap_credited,",
        "2020-08-05 10:00:00,Stake,MCO,-3,,,EUR,1,1,lockup_swap_debited,",
        "2020-08-05 10:00:00,Stake,CRO,85,,,EUR,1,1,lockup_swap_credited,",
        "2020-08-05 10:00:00,Wallet,MCO,-0.5,,,EUR,1,1,crypto_wallet_swap_debited,",
        "2020-08-05 10:00:00,Wallet,CRO,14,,,EUR,1,1,crypto_wallet_swap_credited,",
        "2020-08-06 10:00:00,Bonus,CRO,-9,,,EUR,1,1,dynamic_coin_swap_bonus_exchange_deposit,",
    ]
    told = ["8 swap_out 3 MCO", "9 swap_in 85 CRO", "10 swap_out 0.5 MCO", "11 swap_in 14 CRO"]
    left_out = ["fiat_movement 1", "own_sub_account 3", "told_by_parts 2"]
    assert brief(read(APP + "\n".join(rows))) == ["3 buy 0.1 SOL for 20 USD", *told, *left_out]
    alone = [row for row in rows if "lockup" not in row and "wallet_swap" not in row]
    assert "6 swap_out 3.5 MCO" in brief(read(APP + "\n".join(alone)))


def test_kucoin_layouts_without_a_zone_are_eight_hours_ahead(read: Read) -> None:
    texts = (
        "Time,Pair,Side,FilledPrice,FilledPriceCoin,Amount,AmountCoin,Volume,VolumeCoin,Fee,FeeCoin\n"
        "2019/03/01 09:00:00,KCS/BTC,Sell,0.0001,BTC,10,KCS,0.001,BTC,0.000001,BTC\n",
        "oid,symbol,dealPrice,dealValue,amount,fee,direction,createdDate,\n"
        "a1,KCS-BTC,0.0001,0.001,10,0.000001,SELL,2019-03-01 09:00:00,\n",
        "UID,Account Type,Order ID,Symbol,Side,Order Type,Avg. Filled Price,Filled Amount,Filled Volume,"
        "Filled Volume (USDT),Filled Time,Fee,Tax,Maker/Taker,Fee Currency\n"
        "1,main,a1,KCS-BTC,SELL,LIMIT,0.0001,10,0.001,4,2019-03-01 09:00:00,0.000001,,TAKER,BTC\n",
    )
    for text in texts:
        reading = read(text)
        assert brief(reading) == ["2 swap_out 10 KCS", "2 swap_in 0.001 BTC fee 0.000001 BTC"]
        assert set(days(reading)) == {"2019-03-01 01:00"}
        assert codes(reading) == {"notice_zone_of_venue"}


def test_kucoin_transfers_without_hash_or_address_and_dust(read: Read) -> None:
    head = "UID,Account Type,Time(UTC+05:00),Remarks,Status,Fee,Amount,Coin,Transfer Network"
    row = "1,F,2024-01-02 03:04:05,,SUCCESS,0.5,10,USDT,TRC20"
    failed = row.replace("SUCCESS", "FAILURE")
    assert brief(read(f"{head},Withdrawal Address/Account\n{row},T1\n{failed},T1\n")) == [
        "2 transfer_out 10 USDT fee 0.5 USDT with T1",
        "not_completed 1",
    ]
    moved = {"in": ["2 transfer_in 10 USDT fee 0.5 USDT"], "out": ["2 transfer_out 10 USDT fee 0.5 USDT"]}
    unknown = ["2 REJECTED transfer_way_unknown"]
    whole = "Deposit_Withdrawal History_Deposit History.csv"
    cases = (
        ("", "x.csv", unknown),
        ("Internal", "x.csv", unknown),
        ("Deposit", "x.csv", moved["in"]),
        ("", "Withdrawal Record.csv", moved["out"]),
        ("", whole, moved["in"]),
        ("", whole.replace("Deposit History", "Withdrawal Record"), moved["out"]),
    )
    for remark, name, told in cases:
        assert brief(read(f"{head}\n{row.replace(',,', f',{remark},')}\n", name=name)) == told, (remark, name)
    dust = "UID,Account Type,Currency,Side,Amount,Fee,Time(UTC),Remark,Type\n" + "".join(
        f"1,main,{leg},0,2024-01-02 03:04:05,,Convert Dust to KCS\n"
        for leg in ("AAA,Withdrawal,1", "BBB,Withdrawal,2", "KCS,Deposit,3")
    )
    assert brief(read(dust)) == ["2 swap_out 1 AAA", "3 swap_out 2 BBB", "4 swap_in 3 KCS"]


def test_coinbase_fees_by_the_rate_and_the_layout_of_2018(read: Read) -> None:
    head = (
        "ID,Timestamp,Transaction Type,Asset,Quantity Transacted,Price Currency,Price at Transaction,Subtotal,"
        "Total (inclusive of fees and/or spread),Fees and/or Spread,Notes\n"
    )
    rows = [
        "a,2024-05-01 10:00:00 UTC,Advanced Trade Buy,ETC,10,GBP,£20,£200,£202,£2,"
        "Bought 10 ETC for 252.5 USDC on ETC-USDC at 25 USDC/ETC",
        "b,2024-05-02 10:00:00 UTC,Advanced Trade Sell,ETC,-10,GBP,£20,-£200,-£198,£2,"
        "Sold 10 ETC for 247.5 USDC on ETC-USDC at 25 USDC/ETC",
        "c,2024-05-03 10:00:00 UTC,Convert,SCR,-10,GBP,£1,-£10,-£9,£1,Converted 10 SCR to 9.5 USDC",
        "d,2024-05-04 10:00:00 UTC,Retail Simple Price Improvement,USDC,0.01,GBP,£1,£0,£0,£0,",
    ]
    assert brief(read(head + "\n".join(rows))) == [
        "2 swap_out 250 USDC fee 2.5 USDC",
        "2 swap_in 10 ETC",
        "3 swap_out 10 ETC",
        "3 swap_in 250 USDC fee 2.5 USDC",
        "4 swap_out 10 SCROLL",
        "4 swap_in 9.5 USDC",
        "5 airdrop 0.01 USDC",
    ]
    old = (
        "Transactions\nTimestamp,Transaction Type,Asset,Quantity Transacted,EUR Spot Price at Transaction,"
        "EUR Amount Transacted (Inclusive of Coinbase Fees),Address,Notes\n"
        '06/14/2018,Buy,BTC,0.1,5500,560.25,,"Bought 0.1 BTC for €560.25 EUR"\n'
        '07/01/2018,Sell,BTC,0.1,5500,540,,"Sold 0.1 BTC for €540 EUR"\n'
    )
    reading = read(old)
    assert brief(reading) == ["3 buy 0.1 BTC for 560.25 EUR", "4 sell 0.1 BTC for 540 EUR"]
    assert days(reading) == ["2018-06-14 00:00", "2018-07-01 00:00"]


def test_kraken_a_withdrawal_that_came_back(read: Read) -> None:
    head = "txid,refid,time,type,subtype,aclass,asset,wallet,amount,fee,balance\n"
    rows = [
        "L1,W1,2024-01-03 00:00:00,withdrawal,,currency,XXBT,spot,-0.1,0.0002,0.8998",
        "L2,W1,2024-01-03 00:10:00,withdrawal,,currency,XXBT,spot,0.1,-0.0002,1",
        "L3,W2,2024-01-03 01:00:00,withdrawal,,currency,XXBT,spot,-0.1,0.0002,0.8998",
    ]
    assert brief(read(head + "\n".join(rows))) == ["4 transfer_out 0.1 BTC fee 0.0002 BTC", "undone 2"]
    kept = [rows[0], rows[1].replace("-0.0002", "0")]
    assert brief(read(head + "\n".join(kept))) == ["2 fee 0.0002 BTC"]


def test_bybit_bonuses_tokens_and_gifts(read: Read) -> None:
    head = (
        "UID: 1\nUid,Currency,Contract,Type,Direction,Quantity,Position,Filled Price,Funding,Fee Paid,Cash Flow,Change,"
        "Wallet Balance,Action,Time(UTC)\n"
    )
    row = "1,{coin},,{kind},--,0,0,0,0,0,{change},{change},--,--,2024-01-0{day} 10:00:00\n"
    rows = [
        ("USDT", "BONUS_RECOLLECT", "-5", 1),
        ("USDT", "TOKENS_SUBSCRIPTION", "-5", 2),
        ("BTC3L", "TOKENS_SUBSCRIPTION", "4", 2),
        ("USDT", "CUSTODY_NETWORK_FEE", "-1", 3),
        ("USDT", "TRANSFER_IN_INS_LOAN", "9", 4),
    ]
    text = head + "".join(row.format(coin=c, kind=k, change=x, day=d) for c, k, x, d in rows)
    assert brief(read(text)) == [
        "3 lost 5 USDT",
        "4 swap_out 5 USDT",
        "5 swap_in 4 BTC3L",
        "6 fee 1 USDT",
        "7 REJECTED venue_not_covered",
    ]
    funding = "Uid,Date & Time(UTC),Coin,QTY,Type,Account Balance,Description\n"
    funding += (
        "1,2024-01-01 10:00:00,USDT,-9,Gift Card,--,Send Gift\n1,2024-01-02 10:00:00,USDT,-2,Bybit Pay,--,Payment\n"
    )
    assert brief(read(funding)) == ["2 gift_out 9 USDT", "3 transfer_out 2 USDT with bybit pay"]


def test_pool_and_meter_days_with_slashes(read: Read) -> None:
    pool = (
        "Наименование пула;Дата распределения;Цифровой актив;Количество распределено;Вид комиссии пула;"
        "Количество комиссии пула\nП;31/01/2025;BTC;0,5;BTC;0,1\nП;01/02/2025;BTC;1,5E-3;BTC;\n"
    )
    assert [str(p.day) for p in read(pool).payouts] == ["2025-01-31", "2025-02-01"]
    assert list(lines_of(read(pool)))[1].startswith("2 2025-01-31 payout 0.5 BTC, commission 0.1")
    meter = "Дата и время;Потребление, кВт*ч\n01/03/2025 00:00;1 234,5\n13/03/2025 00:00;2\n"
    assert [f"{e.start:%Y-%m-%d %H}" for e in read(meter).energy] == ["2025-02-28 19", "2025-03-12 19"]


def test_bitvavo_movements_inside_and_day_first(read: Read) -> None:
    head = (
        "Timezone,Date,Time,Type,Currency,Amount,Price (EUR),EUR received / paid,Fee currency,Fee amount,Status,"
        "Transaction ID,Address\n"
    )
    rows = [
        "Europe/Amsterdam,29-07-2021,02:31:00,internal_transfer,BTC,-0.1,,,,,Completed,a,",
        "Europe/Amsterdam,05-08-2021,02:31:00,loan,BTC,0.1,,,,,Completed,b,",
    ]
    reading = read(head + "\n".join(rows))
    assert brief(reading) == ["2 transfer_out 0.1 BTC", "3 REJECTED operation_not_covered"]
    assert days(reading) == ["2021-07-29 00:31"]
