"""An error that a person can mend is the same after it came from another process."""

from __future__ import annotations

import copy

from salyq.civil.errors import InputError, UsageError
from salyq.civil.messages import Message


def test_an_error_comes_back_whole() -> None:
    for error in (
        InputError(Message("carf_long", {"count": 201, "most": 200}), file="a.csv", line=3, column="name", value="x"),
        UsageError(Message("carf_blank")),
    ):
        again = copy.deepcopy(error)  # by the same means as from another process
        assert type(again) is type(error)
        assert (again.text("kk"), again.exit_code) == (error.text("kk"), error.exit_code)
