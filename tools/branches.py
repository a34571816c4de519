"""Says which conditions of law the worked cases take one way only, or never, and which versions of its rules and values
no case asks for; `salyq law check` refuses the same.

    python tools/branches.py             # each, as law/one_way.toml names it
    python tools/branches.py --open      # those alone that have no reason there
    python tools/branches.py --count     # the counts alone

A case that takes the branch is added to a cases.toml of the subject, with an example that is worked out by hand; where
none can, the reason stands in law/one_way.toml.
"""

from __future__ import annotations

import argparse
import sys

from salyq.app.law_tried import reasons, tried, tried_faults
from salyq.rulebook.tried import BOTH


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", action="store_true")
    parser.add_argument("--open", action="store_true")
    asked = parser.parse_args()
    notes = tried()
    every = list(notes.conditions())
    if not asked.count:
        known = reasons() if asked.open else {}
        print("\n".join(sorted(str(c) for c in every if c.ways != BOTH and str(c) not in known)))
        print("\n".join(str(f) for f in tried_faults() if f.message.code == "law_no_case"))
    both, one, never = (sum(len(c.ways) == n for c in every) for n in (2, 1, 0))
    print(f"conditions taken both ways {both}, one way {one}, never {never}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
