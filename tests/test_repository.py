"""What a newcomer meets first holds together: pins, links, and the commands that the pages name."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")])


def pins(name: str) -> dict[str, tuple[str, int]]:
    """Package -> exact version and how many hashes stand under it."""
    found: dict[str, tuple[str, int]] = {}
    current = ""
    for line in (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines():
        if pinned := re.match(r"([a-z0-9-]+)==([^\s;]+)", line):
            current = pinned[1]
            found[current] = (pinned[2], 0)
        elif "--hash=sha256:" in line:
            version, count = found[current]
            found[current] = (version, count + 1)
    return found


def test_every_pin_has_a_hash() -> None:
    for name in ("run.txt", "dev.txt"):
        assert pins(name)
        assert [p for p, (_, hashes) in pins(name).items() if not hashes] == []


def test_pins_are_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {
        "run.txt": project["project"]["dependencies"],
        "dev.txt": project["project"]["optional-dependencies"]["dev"],
    }
    asked["run.txt"] = asked["run.txt"] + project["build-system"]["requires"]
    asked["dev.txt"] = asked["dev.txt"] + asked["run.txt"]
    for name, lines in asked.items():
        pinned = pins(name)
        for need in map(Requirement, lines):
            version = pinned.get(need.name, ("", 0))[0]
            assert version in need.specifier, f"requirements/{name}: {need} is pinned to {version!r}: run `make lock`"


def test_both_sets_of_pins_agree() -> None:
    run, dev = pins("run.txt"), pins("dev.txt")
    assert {p: dev.get(p) for p in run} == run


def test_tzdata_is_exact() -> None:
    """A day decides a tax, and the zone decides the day: the zone's data may not drift (decisions/0001)."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert any(re.fullmatch(r"tzdata==\d{4}\.\d+", line) for line in project["project"]["dependencies"])


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        other = (page.parent / path).resolve() if path else page
        if not other.exists() or (anchor and other.suffix == ".md" and anchor not in anchors(other)):
            broken.append(target)
    assert not broken


def test_the_pages_name_real_commands() -> None:
    salyq = Path(sys.executable).with_name("salyq")
    env = {**os.environ, "LC_ALL": "C"}
    said = subprocess.run([salyq, "--help"], capture_output=True, text=True, check=True, env=env, cwd=ROOT).stdout
    real = set(re.findall(r"^  ([a-z0-9-]+) ", said.partition("Commands:")[2], re.M))
    assert {"assess", "explain"} <= real
    text = "\n".join(p.read_text(encoding="utf-8") for p in PAGES) + (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|bin/|BIN\)/|^)salyq ([a-z][a-z0-9-]*)", text, re.M))
    assert {"assess", "explain", "questions"} <= named
    assert named - real == set()


def test_both_commands_of_the_readme_are_targets() -> None:
    for target in ("demo", "test"):
        done = subprocess.run(["make", "-n", target], capture_output=True, text=True, check=False, cwd=ROOT)
        assert done.returncode == 0, done.stderr
        assert f"make {target}" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
