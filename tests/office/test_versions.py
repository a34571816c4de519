"""Every other major version of PostgreSQL whose programs are found: migrations, the made-up country, pages and search,
rows of others, verify, a backup from one version to the other.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.office.conftest import SIGNER, TODAY

from salyq.cli.main import main
from salyq.office.demonstration.make import make
from salyq.office.portal.app import make_app
from salyq.office.registry.read import AsOf, Wanted, records
from salyq.office.store.clock import FixedClock
from salyq.office.store.ids import Ids
from salyq.office.store.migrate import make_database, migrate
from salyq.office.store.programs import OLDEST, find_programs, major_version
from salyq.office.store.server import Server
from salyq.office.store.store import WEB, Store
from salyq.office.store.verify import verify

SYSTEM = Path("/usr/lib/postgresql")
USUAL = major_version(find_programs())
OTHERS = sorted(
    (p.parent for p in SYSTEM.glob("*/bin/postgres") if int(p.parts[-3]) >= OLDEST and int(p.parts[-3]) != USUAL),
    key=lambda p: int(p.parts[-2]),
)
needs_another = pytest.mark.skipif(not OTHERS, reason=f"only PostgreSQL {USUAL} is here: no other version was tried")


@needs_another
@pytest.mark.parametrize("programs", OTHERS or [None], ids=lambda p: p.parts[-2] if p else "none")
def test_the_office_runs_on_another_major_version(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, programs: Path
) -> None:
    monkeypatch.setenv("SALYQ_PG_BIN", str(programs))
    with Server(home, sync=False) as server:
        make_database(server.url("postgres"), "salyq")
        migrate(server.url())
        with Store(server.url(), clock=FixedClock(TODAY), ids=Ids(3), signer=SIGNER) as work, work.as_role(WEB) as web:
            with work.transaction() as tx:
                assert str(tx.value(b"show server_version")).startswith(f"{programs.parts[-2]}.")
            make(work, tmp_path, 7)
            demo = json.loads((tmp_path / "demo.json").read_text())
            client = TestClient(make_app(web, work, tmp_path, made_up=True), base_url="http://127.0.0.1")
            for path in ("/kk/registers/miners?q=kuat", "/ru/statistics", "/en/pilot/city", "/en/law"):
                assert client.get(path).status_code == 200, path
            client.get(demo["users"][1]["link"])
            assert client.get("/en/cabinet").status_code == 200
            with web.transaction() as tx:
                assert records(tx, "miners", Wanted(q="куат"), AsOf.now(tx)).total > 0
                assert tx.value(b"select count(*) from procedures.application") == 0
            with work.transaction() as tx:
                assert verify(tx) is None


@needs_another
def test_a_backup_goes_from_one_version_to_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What stood on the older version stands on ours; a folder of another version is refused in one line."""
    monkeypatch.delenv("SALYQ_DATABASE_URL", raising=False)
    monkeypatch.setenv("SALYQ_PG_FSYNC", "off")
    old, new, kept = str(tmp_path / "old"), str(tmp_path / "new"), str(tmp_path / "backup")

    def office(*arguments: str) -> int:
        return main(["office", *arguments, "--lang", "en"])

    monkeypatch.setenv("SALYQ_PG_BIN", str(OTHERS[0]))
    assert office("init", "--data", old) == 0
    assert office("user", "add", "aidana", "--data", old) == 0
    assert office("backup", kept, "--data", old) == 0
    monkeypatch.delenv("SALYQ_PG_BIN")
    capsys.readouterr()
    assert office("status", "--data", old) != 0
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert str(int(OTHERS[0].parts[-2])) in told
    assert office("restore", kept, "--data", new) == 0
    assert office("verify", "--data", new) == 0
    assert office("user", "link", "aidana", "--data", new) == 0
