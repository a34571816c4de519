"""Size class of a business by staff and income: Entrepreneurial Code 24."""

from __future__ import annotations

from salyq.rulebook.nodes import Count, Flag, Money, Multiple, Text, excepted, given, lift, rounded, when
from salyq.rulebook.rules import finding, rule


@rule(cite="entrepreneurial-code:24", per="year", since="2018-01-01")
def size_class(
    average_staff: Count,
    average_income: Money,
    licence_subtype_i: Flag,
    class_small_staff: Count,
    class_small_income: Multiple,
    class_large_staff: Count,
    class_large_income: Multiple,
    mci_january: Money,
) -> Text:
    """Small: both within; large: either above; medium the rest. Who mines under subtype I is never small (24.4.13)."""
    small = (average_staff <= class_small_staff) & (average_income <= rounded(class_small_income * mci_january))
    large = (average_staff > class_large_staff) | (average_income > rounded(class_large_income * mci_january))
    return excepted(lift("medium", "text"), (large, "large"), (small & ~licence_subtype_i, "small"))


@rule(cite="entrepreneurial-code:24", per="year", since="2018-01-01")
def is_large(
    large_business: Flag,
    average_staff: Count,
    average_income: Money,
    class_large_staff: Count,
    class_large_income: Multiple,
    mci_january: Money,
) -> Flag:
    """As stated; else by staff or income, either of which is enough."""
    by_staff = given(average_staff) & (average_staff > class_large_staff)
    by_income = given(average_income) & (average_income > rounded(class_large_income * mci_january))
    return when(given(large_business), large_business, by_staff | by_income)


@finding(cite="entrepreneurial-code:24", per="year", since="2018-01-01", severity="warning")
def size_differs(large_business: Flag, average_staff: Count, average_income: Money, size_class: Text) -> Flag:
    """The class that was stated is not the one that staff and income give."""
    told = given(large_business) & given(average_staff) & given(average_income)
    return told & (large_business != (size_class == "large"))
