"""A sequencer and a gate on a fresh database, under a clock that the test moves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from salyq.office.ledger.gate import Gate
from salyq.office.ledger.sequencer import Sequencer
from salyq.office.store.clock import FixedClock


@pytest.fixture
def sequencer(database: str, clock: FixedClock) -> Iterator[Sequencer]:
    made = Sequencer(database, clock)
    yield made
    made.close()


@pytest.fixture
def gate(database: str, clock: FixedClock) -> Iterator[Gate]:
    with Gate(database, clock) as made:
        yield made
