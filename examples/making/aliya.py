"""The story of Aliya, a made-up trader in Almaty: what her Binance account did in 2024, 2025 and 2026."""

from __future__ import annotations

from making.binance import Binance, D

P2P = ("nurly_zhol", "AlmatyExchange24", "Qarshyga", "tengri-otc", "Samal_P2P")


def account() -> Binance:
    """Everything that happened at the exchange."""
    venue = Binance()
    for year in (_year_2024, _year_2025, _year_2026):
        year(venue)
    return venue


def _year_2024(b: Binance) -> None:
    _first_half_2024(b)
    b.p2p("2024-07-08 07:20:05", "Buy", "5400.00", P2P[1])
    b.move("2024-07-08 08:02:41", "Funding", "Spot", "USDT", "5400")
    b.buy("2024-07-08 09:15:30", "BTC", "0.09")
    b.interest("2024-07-31 20:10:00", "USDT", "2.31884120")
    b.p2p("2024-08-07 05:41:12", "Buy", "5400.00", P2P[2])
    b.move("2024-08-07 06:01:00", "Funding", "Spot", "USDT", "5400")
    b.buy("2024-08-07 06:30:18", "BTC", "0.04")
    b.buy("2024-08-07 06:44:51", "ETH", "0.8")
    b.leg("2024-08-26 12:00:00", "Spot", "Airdrop Assets", "DOGS", D("60000"))
    b.sell("2024-09-03 15:22:09", "DOGS", "60000")
    b.convert("2024-09-12 10:08:44", "USDT", "680", "SOL")
    b.sell("2024-10-22 13:40:27", "ETH", "0.5")
    b.p2p("2024-10-23 06:12:33", "Buy", "900.00", P2P[0], status="Cancelled")
    b.move("2024-10-24 05:58:10", "Spot", "Funding", "USDT", "1300")
    b.p2p("2024-10-24 06:15:48", "Sell", "1300.00", P2P[3])
    b.sell("2024-11-13 14:05:56", "BTC", "0.05", fills=2)
    b.move("2024-11-14 04:40:00", "Spot", "Funding", "USDT", "2600")
    b.p2p("2024-11-14 05:02:19", "Sell", "2600.00", P2P[1])
    b.buy("2024-12-05 16:20:40", "BTC", "0.015")
    b.leg("2024-12-17 07:30:00", "Spot", "Fiat Deposit", "KZT", D("1600000"))
    b.tenge_trade("2024-12-17 08:11:25", "ETH", "0.7", 1)
    b.sell("2024-12-27 11:47:03", "SOL", "2")
    b.interest("2024-12-31 19:30:00", "USDT", "2.90411875")  # already 1 January in Almaty


def _first_half_2024(b: Binance) -> None:
    b.p2p("2024-01-15 06:05:10", "Buy", "3000.00", P2P[0])
    b.move("2024-01-15 06:31:55", "Funding", "Spot", "USDT", "3000")
    b.buy("2024-01-15 07:12:44", "BTC", "0.055", fee="BTC")
    b.buy("2024-01-15 07:20:02", "BNB", "1.5")
    b.p2p("2024-02-06 08:44:31", "Buy", "5300.00", P2P[1])
    b.move("2024-02-06 09:10:00", "Funding", "Spot", "USDT", "5300")
    b.buy("2024-02-07 05:33:21", "BTC", "0.06")
    b.buy("2024-02-07 05:51:40", "ETH", "0.7")
    b.earn("2024-02-20 10:00:12", "USDT", "500")
    b.sell("2024-03-14 13:25:37", "BTC", "0.03", fills=2)  # two equal fills of one second: both are real
    b.move("2024-03-15 04:20:00", "Spot", "Funding", "USDT", "1500")
    b.p2p("2024-03-15 04:31:26", "Sell", "1500.00", P2P[2])
    b.interest("2024-03-31 20:10:00", "USDT", "2.12030455")
    b.withdraw("2024-04-09 10:30:00", "BTC", "0.05")
    b.p2p("2024-05-10 06:18:59", "Buy", "5000.00", P2P[4])
    b.move("2024-05-10 07:00:00", "Funding", "Spot", "USDT", "5000")
    b.buy("2024-05-13 09:41:05", "BTC", "0.075")
    b.cross("2024-05-21 17:02:48", "ETH", "0.4", "BTC")
    b.p2p("2024-06-18 08:09:14", "Buy", "4000.00", P2P[0])
    b.move("2024-06-18 08:40:30", "Funding", "Spot", "USDT", "4000")
    b.buy("2024-06-18 09:05:47", "ETH", "1.1")
    b.withdraw("2024-07-02 06:10:00", "ETH", "0.5")


def _year_2025(b: Binance) -> None:
    b.sell("2025-01-20 15:18:33", "BTC", "0.05")
    b.move("2025-01-21 04:05:00", "Spot", "Funding", "USDT", "5000")
    b.p2p("2025-01-21 04:22:10", "Sell", "3000.00", P2P[3])
    b.p2p("2025-01-23 05:47:52", "Sell", "1990.00", P2P[1], fee="3.98")
    b.p2p("2025-02-04 07:03:40", "Buy", "2500.00", P2P[2])
    b.move("2025-02-04 07:30:00", "Funding", "Spot", "USDT", "2500")
    b.buy("2025-02-05 06:12:09", "ETH", "0.85")
    b.leg("2025-02-11 11:00:00", "Spot", "Airdrop Assets", "LAYER", D("45"))
    b.interest("2025-03-31 20:10:00", "USDT", "3.04117092")
    b.p2p("2025-04-08 06:55:27", "Buy", "3600.00", P2P[0])
    b.move("2025-04-08 07:20:00", "Funding", "Spot", "USDT", "3600")
    b.buy("2025-04-08 12:36:15", "BTC", "0.042")
    b.convert("2025-05-15 14:20:31", "BTC", "0.02", "ETH")
    b.sell("2025-06-10 09:59:42", "LAYER", "42", fee="USDT")
    b.leg("2025-07-14 08:25:00", "Spot", "Deposit", "BTC", D("0.03"))
    b.sell("2025-07-14 13:07:19", "BTC", "0.03")
    b.sell("2025-08-13 12:44:50", "ETH", "1", fills=2)
    b.move("2025-08-14 04:10:00", "Spot", "Funding", "USDT", "4500")
    b.p2p("2025-08-14 04:31:35", "Sell", "3000.00", P2P[4])
    b.p2p("2025-08-18 05:16:08", "Sell", "1400.00", P2P[2])
    b.withdraw("2025-09-09 07:45:00", "ETH", "0.6")
    b.withdraw("2025-09-30 16:20:00", "ETH", "0.05")  # nobody knows where to: a question
    b.sell("2025-10-06 14:11:22", "BTC", "0.04")
    b.move("2025-10-07 04:12:00", "Spot", "Funding", "USDT", "2600")
    b.p2p("2025-10-07 04:40:47", "Sell", "2600.00", P2P[0])
    b.convert("2025-11-19 18:03:56", "LAYER", "3", "BNB", "Small Assets Exchange BNB")
    b.interest("2025-11-30 20:10:00", "USDT", "3.77120614")
    b.move("2025-12-31 18:40:00", "Spot", "Funding", "USDT", "1000")
    b.p2p("2025-12-31 19:04:29", "Sell", "950.00", P2P[1])  # 1 January 2026 in Almaty: another law


def _year_2026(b: Binance) -> None:
    b.buy("2026-01-12 06:40:05", "BTC", "0.03")
    b.p2p("2026-02-10 07:25:33", "Buy", "3100.00", P2P[3])
    b.move("2026-02-10 07:55:00", "Funding", "Spot", "USDT", "3100")
    b.buy("2026-02-10 08:20:46", "ETH", "1")
    b.interest("2026-03-31 20:10:00", "USDT", "3.90218403")
    b.leg("2026-04-15 09:02:00", "Spot", "Deposit", "BTC", D("0.08"))
    b.sell("2026-04-16 13:30:28", "BTC", "0.1", fills=2)
    b.move("2026-04-17 04:02:00", "Spot", "Funding", "USDT", "8400")
    b.p2p("2026-04-17 04:19:51", "Sell", "4200.00", P2P[4])
    b.p2p("2026-04-20 05:33:04", "Sell", "4150.00", P2P[0])
    b.sell("2026-06-23 12:55:39", "BTC", "0.06")
    b.move("2026-06-24 04:30:00", "Spot", "Funding", "USDT", "5800")
    b.p2p("2026-06-24 05:06:17", "Sell", "5700.00", P2P[1])
    b.cross("2026-08-19 10:14:23", "ETH", "0.5", "BTC")
    b.sell("2026-09-15 14:38:42", "ETH", "0.8")
    b.sell("2026-09-16 09:12:55", "SOL", "2.5")  # below its cost: the loss nets with nothing
    b.earn("2026-10-01 05:00:00", "USDT", "500", redeem=True)
    b.tenge_trade("2026-10-27 08:45:11", "BTC", "0.02", -1)
    b.leg("2026-10-28 06:00:00", "Spot", "Fiat Withdraw", "KZT", D("-1100000"))
    b.move("2026-12-09 04:25:00", "Spot", "Funding", "USDT", "2900")
    b.p2p("2026-12-10 05:01:38", "Sell", "2900.00", P2P[2])
    b.interest("2026-12-20 20:10:00", "USDT", "1.18400219")
