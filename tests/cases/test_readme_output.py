"""The output shown in the README is what the program really prints."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"<!-- real output: begin.*?-->\n```\n(.*?)```\n<!-- real output: end -->", re.DOTALL)


def shown() -> dict[str, list[str]]:
    """Command -> the lines the README shows of its output; "…" and empty lines stand for what was left out."""
    found = BLOCK.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert found, "the README has lost its real output"
    commands: dict[str, list[str]] = {}
    for line in found[1].splitlines():
        if line.startswith("$ "):
            lines = commands[line[2:]] = []
        elif line.strip() not in ("", "…"):
            lines.append(line)
    return commands


def test_the_readme_shows_real_output() -> None:
    commands = shown()
    assert len(commands) == 2
    assert all(len(lines) > 2 for lines in commands.values())
    for command, lines in commands.items():
        program, *words = shlex.split(command)
        assert program == "salyq"
        run = [sys.executable, "-m", "salyq.cli", *words, "--lang", "en"]
        done = subprocess.run(run, cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
        real = done.stdout.splitlines()
        place = -1
        for line in lines:
            assert line in real[place + 1 :], f"{command}: not printed, or in another order: {line}"
            place = real.index(line, place + 1)
