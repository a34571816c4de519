"""The process that `crash` kills: batches on stdin, answers on stdout; asked to, it ends before it answers."""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import datetime

from salyq.office.ledger.model import Request
from salyq.office.ledger.reading import read
from salyq.office.ledger.sequencer import Sequencer
from salyq.office.store.clock import FixedClock


def main(url: str) -> None:
    clock = FixedClock(datetime.fromisoformat("2000-01-01T00:00:00Z"))
    sequencer = Sequencer(url, clock)
    for line in sys.stdin:
        asked = json.loads(line)
        clock.move(datetime.fromisoformat(asked["now"]))
        requests = [read(r) for r in asked["batch"]]
        answers = sequencer.submit([r for r in requests if isinstance(r, Request)])
        if asked["die"]:
            os.kill(os.getpid(), signal.SIGKILL)
        print(json.dumps({"answers": [a.as_json() for a in answers]}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
