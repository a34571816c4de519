"""The package that docs/sources/plugin.md shows, built and installed as it stands there, reads its table."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = """When,Coin,Change,State
2025-02-01 10:00:00,BTC,0.5,done
2025-02-02 10:00:00,BTC,-0.1,frozen
2025-02-03 10:00:00,BTC,many,done
2025-02-04 10:00:00,BTC,1,perhaps
"""
BUILD = "import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))"
SALYQ = "import sys; from salyq.cli.main import main; sys.exit(main(sys.argv[1:]))"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of installed packages with the one of the page: its wheel, unpacked."""
    made = tmp_path_factory.mktemp("plugin")
    page = (ROOT / "docs" / "sources" / "plugin.md").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"```(toml|python)\n(.*?)```", page, re.DOTALL))
    package, where = made / "salyq-qalam", made / "site"
    package.mkdir()
    (package / "pyproject.toml").write_text(blocks["toml"], encoding="utf-8")
    (package / "salyq_qalam.py").write_text(blocks["python"], encoding="utf-8")
    subprocess.run([sys.executable, "-c", BUILD, str(made)], cwd=package, check=True, capture_output=True)
    (wheel,) = made.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(where)
    return where


def run(site: Path, *args: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(site)}
    return subprocess.run([sys.executable, "-c", SALYQ, *args], env=env, capture_output=True, text=True, check=False)


def test_the_package_of_the_page_is_found_and_reads(site: Path, tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(TABLE, encoding="utf-8")
    listed = run(site, "sources", "list", "--lang", "en")
    assert "Qalam" in listed.stdout, listed.stderr
    done = run(site, "read", str(tmp_path / "export.csv"), "--format", "json", "--lang", "en")
    assert '"reader": "qalam"' in done.stdout, done.stderr
    for said in ("qalam_frozen", "many", "perhaps"):
        assert said in done.stdout
