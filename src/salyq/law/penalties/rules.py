"""Fines of the offences code and limits of the criminal code, by article, size class and repetition."""

from __future__ import annotations

from salyq.rulebook.nodes import (
    Count,
    Flag,
    Money,
    Multiple,
    Set,
    Text,
    Words,
    by_word,
    cited,
    excepted,
    given,
    lift,
    rounded,
    unknown,
    when,
)
from salyq.rulebook.rules import rule

TAX = (
    "KOAP:272.1",
    "KOAP:272.2",
    "KOAP:272.2-1",
    "KOAP:272.2-2",
    "KOAP:275.1",
    "KOAP:275.2",
    "KOAP:275.3",
    "KOAP:275.4",
)
MORE_TAX = ("KOAP:277", "KOAP:278.1", "KOAP:278.2", "KOAP:278.3", "KOAP:288.1", "KOAP:288.2")
SHARES = ("KOAP:275.1", "KOAP:275.2", "KOAP:277", "KOAP:278.1", "KOAP:278.2", "KOAP:278.3")
MONITORING = (*(f"KOAP:214.{part}" for part in range(1, 20)), "KOAP:214-1")
CRIMES = (
    "UK:214.1",
    "UK:214.2",
    "UK:232-1.1",
    "UK:232-1.2",
    "UK:232-1.3",
    "UK:232-1.4",
    "UK:232-1.5",
    "UK:232-1.6",
    "UK:232-1.7",
)


@rule(cite="koap", per="act", since="2022-01-01")
def is_criminal(article: Text) -> Flag:
    return article.isin(*CRIMES)


@rule(cite="koap", per="act", since="2022-01-01")
def is_administrative(article: Text) -> Flag:
    return ~article.isin(*CRIMES)


@rule(cite="koap", per="act", since="2022-01-01")
def charged(article: Text, repeat: Flag, repeatable: Set, repeat_of: Words) -> Text:
    """The part that is charged: where the same was done within a year, the part on repetition. The list of parts that
    have one is asked only of what was repeated."""
    return when(repeat & article.isin(repeatable), by_word(repeat_of, article), article)


@rule(cite="entrepreneurial-code:24", per="act", since="2022-01-01")
def size(
    class_: Text,
    staff: Count,
    average_income_kzt: Money,
    mines_subtype_i: Flag,
    class_small_staff: Count,
    class_small_income: Multiple,
    class_large_staff: Count,
    class_large_income: Multiple,
    mci_january: Money,
) -> Text:
    """As stated; of a business whose staff and income are stated, by them. Who mines under subtype I is never small
    (24.4.13)."""
    within = average_income_kzt <= rounded(class_small_income * mci_january)
    small = (staff <= class_small_staff) & within & ~(given(mines_subtype_i) & mines_subtype_i)
    above = average_income_kzt > rounded(class_large_income * mci_january)
    large = (staff > class_large_staff) | above
    found = excepted(lift("medium", "text"), (large, "large"), (small, "small"))
    return when(given(class_), class_, when(given(staff) | given(average_income_kzt), found, class_))


@rule(cite="koap:278", per="act", since="2022-01-01")
def by_share(article: Text, size: Text) -> Flag:
    """A part on repetition is a share where the first part is."""
    fixed = when(article == "KOAP:278.1", size.isin("person", "official"), size.isin("person", "official", "small"))
    partly = article.isin("KOAP:277", "KOAP:278.1")
    return article.isin(*SHARES) & when(partly, ~fixed, lift(True, "flag"))


@rule(cite="koap", per="act", since="2022-01-01")
def fine(
    charged: Text,
    size: Text,
    by_share: Flag,
    amount_assessed_kzt: Money,
    fines: Words,
    fines_tax: Words,
    fines_monitoring: Words,
    shares: Words,
    fixed_instead: Words,
    mci: Money,
) -> Money:
    """Multiple of the index in force on the day, by class; of tax offences a share of the sum assessed."""
    tax = charged.isin(*TAX, *MORE_TAX)
    other = when(charged.isin(*MONITORING), by_word(fines_monitoring, charged, size), by_word(fines, charged, size))
    plain = rounded(when(tax, by_word(fines_tax, charged, size), other) * mci)
    fixed = rounded(by_word(fixed_instead, charged, size) * mci)
    share = rounded(amount_assessed_kzt * by_word(shares, charged, size))
    return when(by_share, share, when(charged.isin("KOAP:277", "KOAP:278.1"), fixed, plain))


@rule(cite="koap:463.1", per="act", since="2022-01-01")
def fine_without_licence(size: Text, repeat: Flag, repeat_of: Words, fines: Words, mci: Money) -> Money:
    """Of business without the licence or registration that it needs; repeated within a year, by the second part."""
    return _of_part("KOAP:463.1", size, repeat, repeat_of, fines, mci)


def _of_part(part: str, size: Text, repeat: Flag, repeat_of: Words, fines: Words, mci: Money) -> Money:
    """The fine of a part; of its part on repetition where the same was done within a year."""
    first = lift(part, "text")
    return rounded(by_word(fines, when(repeat, by_word(repeat_of, first), first), size) * mci)


@rule(cite="koap:464.1", per="act", since="2022-01-01", basis="reconstruction")
def fine_licence_norms(size: Text, repeat: Flag, repeat_of: Words, fines: Words, mci: Money) -> Money:
    """Of a licensed business that goes against the norms of its licence; that such a breach is one is our reading."""
    return _of_part("KOAP:464.1", size, repeat, repeat_of, fines, mci)


@rule(cite="koap:214.10", by="law-247-viii", per="act", since="2026-03-01")
def fine_not_refused(size: Text, repeat: Flag, repeat_of: Words, fines_monitoring: Words, mci: Money) -> Money:
    """Of a provider that carries out what it must refuse."""
    return _of_part("KOAP:214.10", size, repeat, repeat_of, fines_monitoring, mci)


@rule(cite="koap:214.8", by="law-247-viii", per="act", since="2026-03-01")
def fine_due_diligence(size: Text, repeat: Flag, repeat_of: Words, fines_monitoring: Words, mci: Money) -> Money:
    """Of a provider that does not examine its client as it must."""
    return _of_part("KOAP:214.8", size, repeat, repeat_of, fines_monitoring, mci)


@rule(cite="koap", per="act", since="2022-01-01")
def class_stated(class_: Text, staff: Count, average_income_kzt: Money) -> Flag:
    return given(class_) | given(staff) | given(average_income_kzt)


@rule(cite="koap:464.1", per="act", since="2022-01-01", basis="reconstruction")
def offence_licence_norms() -> Flag:
    return lift(True, "flag")


@rule(cite="koap:214.10", by="law-247-viii", per="act", since="2026-03-01")
def offence_not_refused() -> Flag:
    return lift(True, "flag")


@rule(cite="koap:214.8", by="law-247-viii", per="act", since="2026-03-01")
def offence_due_diligence() -> Flag:
    return lift(True, "flag")


@rule(cite="criminal-code:214", per="act", since="2023-04-01")
def fine_at_most(article: Text, criminal_fines: Words, mci: Money) -> Money:
    return rounded(by_word(criminal_fines, article) * mci)


@rule(cite="criminal-code:214", per="act", since="2023-04-01")
def prison_at_most(article: Text, prison: Words) -> Text:
    return by_word(prison, article)


@rule(cite="criminal-code:214", per="act", since="2023-04-01")
def large_income(especially_large: Multiple, mci: Money) -> Money:
    return rounded(especially_large * mci)


@rule(cite="criminal-code:214", per="act", since="2023-04-01")
def needs_large(article: Text) -> Flag:
    return article.isin("UK:214.1", "UK:214.2")


@rule(cite="criminal-code:232-1", by="law-210-viii", per="act", since="2025-09-14")
def significant_size(significant: Multiple, mci: Money) -> Money:
    return rounded(significant * mci)


@rule(cite="koap", per="act", since="2022-01-01")
def verdict(article: Text) -> Text:
    """A breach of an article that was named is unlawful by its words."""
    return when(article == "", "not_regulated", "unlawful")


@rule(cite="koap", per="act", since="2022-01-01")
def gate(charged: Text) -> Text:
    return charged


@rule(cite="koap:724", per="act", since="2022-01-01")
def authority(article: Text) -> Text:
    """Only where the text read names who hears it."""
    licences = article.isin("KOAP:464.1", "KOAP:464.2")
    return when(article.isin(*TAX, *MORE_TAX), "kgd", when(licences, "nbk", when(article.isin(*CRIMES), "court", "")))


@rule(cite="koap:463.1", per="act", since="2022-01-01")
def income_confiscated(charged: Text) -> Flag:
    return charged.isin("KOAP:463.1", "KOAP:463.2")


@rule(cite="koap:463.1", per="act", since="2022-01-01")
def items_seized(charged: Text) -> Flag:
    return charged.isin("KOAP:463.1", "KOAP:463.2")


@rule(cite="koap:464", per="act", since="2022-01-01")
def licence_suspended(charged: Text) -> Flag:
    return charged.isin("KOAP:464.1", "KOAP:464.2")


@rule(cite="koap:272.1", per="act", since="2022-01-01")
def warning_possible(charged: Text, warned_first: Set) -> Flag:
    return charged.isin(warned_first)


@rule(cite="koap:214.19", by="law-247-viii", per="act", since="2026-03-01")
def third_stop(charged: Text) -> Flag:
    return charged == "KOAP:214.19"


@rule(cite="criminal-code:214", per="act", since="2023-04-01")
def freed(article: Text) -> Flag:
    entity = cited(article == "KOAP:214-1", "koap:214-1")
    return when(article == "KOAP:214-1", entity, article.isin("UK:214.1", *CRIMES[2:]))


@rule(cite="law-331-viii", basis="reconstruction", per="act", since="2026-09-01")
def late_code_change(is_administrative: Flag) -> Flag:
    return is_administrative


@rule(cite="criminal-code:232-1", by="law-210-viii", per="act", since="2025-09-14")
def is_dropper(article: Text) -> Flag:
    return article.isin(*CRIMES[2:])


# ---- enforcement of a debt ------------------------------------------------------------------------------------------
@rule(cite="tax-code-2025:5.4", per="act", since="2026-01-01")
def debt_floor(least_debt_floor: Multiple, mci_january: Money) -> Money:
    """The authorised body may set the least debt no lower than this."""
    return rounded(least_debt_floor * mci_january)


@rule(cite="tax-code-2025:5.4", per="act", since="2026-01-01")
def debt_verdict(debt_kzt: Money, debt_floor: Money) -> Text:
    """A debt below the floor is below any least debt that the body could set; above it that figure decides."""
    return when(debt_kzt < debt_floor, "unlawful", unknown("least_debt_not_found", unit="text"))


@rule(cite="tax-code-2025:5.4", per="act", since="2026-01-01")
def debt_authority() -> Text:
    return lift("kgd", "text")
