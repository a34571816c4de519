"""The same input and version give the same bytes: again, in another process, locale, time zone and hash seed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from case_folder import write_case
from company_histories import company
from histories import individual

import salyq
from salyq.present.as_json import assessment_json, dumps

SCRIPT = """
import hashlib, sys, salyq
from salyq.present.as_json import assessment_json, dumps
for folder in sys.argv[1:]:
    case = salyq.read_case(folder)
    for year in (2024, 2025, 2026):
        text = dumps(assessment_json(salyq.assess(case, year=year)))
        print(hashlib.sha256(text.encode("utf-8")).hexdigest())
"""


def digests(folders: list[Path]) -> list[str]:
    found = []
    for folder in folders:
        case = salyq.read_case(folder)
        for year in (2024, 2025, 2026):
            text = dumps(assessment_json(salyq.assess(case, year=year)))
            found.append(hashlib.sha256(text.encode("utf-8")).hexdigest())
    return found


def test_the_same_bytes_whatever_the_surroundings(tmp_path: Path) -> None:
    made = [individual(7, 40), individual(4000, 40), company(11, 40)]
    folders = [write_case(case, tmp_path / f"case{n}") for n, case in enumerate(made)]
    first = digests(folders)
    assert len(set(first)) == len(first), "the cases are too alike to tell anything"
    assert digests(folders) == first
    for surroundings in (
        {"LC_ALL": "C", "TZ": "America/New_York", "PYTHONHASHSEED": "1"},
        {"LC_ALL": "kk_KZ.UTF-8", "LANG": "ru_RU.UTF-8", "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "12345"},
    ):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, *map(str, folders)],
            env={**os.environ, **surroundings},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.split() == first, surroundings
