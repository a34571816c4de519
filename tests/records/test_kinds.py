from __future__ import annotations

from salyq.records.kinds import IN, KINDS, OUT, is_acquisition, is_disposal


def test_the_table_of_kinds_is_the_agreed_one() -> None:
    ins = {"buy", "swap_in", "mined", "staked", "airdrop", "fork", "interest", "gift_in", "inherited"}
    ins |= {"contributed_in", "earned", "transfer_in"}
    outs = {"sell", "swap_out", "spend", "gift_out", "contributed_out", "lost", "transfer_out", "fee"}
    assert {k for k in KINDS if is_acquisition(k)} == ins
    assert {k for k in KINDS if is_disposal(k)} == outs
    assert set(KINDS) - ins - outs == {"derivative_result", "reversal"}
    assert {KINDS["derivative_result"].direction, KINDS["reversal"].direction}.isdisjoint({IN, OUT})


def test_every_kind_has_a_label_in_three_languages() -> None:
    for kind in KINDS.values():
        assert set(kind.label) == {"kk", "ru", "en"}
        assert all(kind.label.values())
