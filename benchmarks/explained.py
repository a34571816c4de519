"""How long an explanation takes once a case is loaded: `python -m benchmarks.explained CASE YEAR`, one line of JSON.

Every known figure of the year is explained once, from cold, text included; the slowest decides.
"""

from __future__ import annotations

import json
import sys
import time


def main(folder: str, year: int) -> dict[str, object]:
    """Seconds for reading, assessing, and for each figure's first explanation as text."""
    import salyq

    start = time.perf_counter()
    case = salyq.read_case(folder)
    read = time.perf_counter()
    result = salyq.assess(case, year=year)
    assessed = time.perf_counter()
    times: dict[str, float] = {}
    for figure in result.figures:
        if figure.status == "known":
            begin = time.perf_counter()
            text = str(result.explain(figure.name, figure.period))
            times[f"{figure.name} {figure.period}"] = time.perf_counter() - begin
            assert text
    return {"read": read - start, "assess": assessed - read, "explain": times}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
