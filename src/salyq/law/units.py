"""The units that Kazakhstan's law counts in, and what their products are. A new one is one line here."""

from __future__ import annotations

from fractions import Fraction

from salyq.rulebook.units import Unit, declare, products

ROUNDING = "salyq:rounding"  # no article read gives a rounding: half up to the tiyn is our convention

declare(
    Unit(
        "amount",
        "10⁻¹⁸ of a currency or asset named beside it",
        ("Amount",),
        whole=True,
        scale=10**18,
        exact="amount*",
        step=10**16,
    ),
    Unit("amount*", "the same, exact fraction", (), scale=10**18, rounds_to="amount", rounding=ROUNDING),
    Unit("quantity", "10⁻¹⁸ of an asset", ("Quantity",), whole=True, scale=10**18, exact="quantity*", step=10**10),
    Unit("quantity*", "the same, exact fraction", (), scale=10**18, rounds_to="quantity", rounding=ROUNDING),
    Unit("price", "currency units for one whole asset, exact fraction", ("Price",)),
    Unit("KZT", "tiyn", ("Money",), whole=True, scale=100, exact="KZT*", decimals=2, shown="KZT"),
    Unit(
        "KZT*",
        "tiyn, exact fraction before a named rounding",
        ("Exact",),
        scale=100,
        rounds_to="KZT",
        rounding=ROUNDING,
        shown="KZT",
    ),
    Unit("USD", "US dollars, exact fraction", ("Dollars",), shown="USD", step=Fraction(1, 100)),
    Unit("rate", "tenge for one currency unit, exact fraction", ("Rate",)),
    Unit("MCI", "multiple of the monthly calculation index, exact fraction", ("Multiple",), shown="MCI"),
    Unit("kWh", "10⁻¹⁸ kWh", ("Energy",), whole=True, scale=10**18, shown="kWh", step=10**18),
    Unit("KZT/kWh", "tenge per kWh, exact fraction", ("Tariff",), shown="KZT/kWh"),
    Unit("MW", "megawatts, exact fraction", ("Power",), shown="MW"),
    Unit("TH/s", "terahashes a second, exact fraction", ("HashRate",), shown="TH/s"),
    Unit("persons", "number of people", ("Persons",), shown="persons"),
    Unit("period", "years", (), shown="period"),
)
products(
    [
        ("quantity", "price", "amount*"),
        ("amount", "price", "amount*"),
        ("KZT", "price", "amount*"),
        ("MCI", "KZT", "KZT*"),
        ("amount", "rate", "KZT*"),
        ("amount*", "rate", "KZT*"),
        ("USD", "rate", "KZT*"),
        ("kWh", "KZT/kWh", "KZT*"),
    ]
)
