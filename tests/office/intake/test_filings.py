"""Filings over the API: accepted, refused with a list, corrected in chains, compared with registers, seen by their
own.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from tests.office.conftest import Portal

from salyq.office.intake import pool_table
from salyq.office.intake.files import safe_name
from salyq.office.store.store import Access, Store

HEAD = (
    "№;Наименование майнера;БИН/ИИН;Наименование пула;БИН/ИИН пула;№ лицензии;Дата лицензии;Кошелек;"
    "Дата распределения;ЦА;Кол-во;Комиссия (актив);Комиссия (кол-во)"
)


class Filer:
    """A pool of the demonstration with an account of its own."""

    def __init__(self, country: Portal) -> None:
        from salyq.office.people import accounts, keys

        self.country = country
        with country.work.transaction() as tx:
            rows = tx.dicts(
                b"select subject_id, subject_name, number from registry.span where register = 'pools'"
                b" and upper_inf(recorded) order by number limit 2"
            )
            self.bin, self.other = rows[0]["subject_id"], rows[1]["subject_id"]
            who = accounts.add_account(tx, "pool_2", "applicant")
            accounts.add_organisation(tx, self.bin, "Pool")
            accounts.delegate(tx, who, self.bin, first=date(2026, 1, 1))
            self.key = {"authorization": f"Bearer {keys.make_key(tx, who, 'test')}"}
            self.miner = tx.dicts(
                b"select number, subject_id from registry.span where register = 'miners' and status = 'active'"
                b" and upper_inf(recorded) and valid @> date '2026-10-05' order by number limit 1"
            )[0]

    def row(self, **more: str) -> str:
        said = {
            "miner": self.miner["subject_id"],
            "licence": self.miner["number"],
            "day": "05.10.2026",
            "n": "0,5",
            **more,
        }
        miner, licence, day, n = said["miner"], said["licence"], said["day"], said["n"]
        return f"1;ТОО;{miner};Pool;{self.bin};{licence};;bc1q;{day};BTC;{n};BTC;0,005"

    def post(self, text: str | bytes, kind: str = "pool_table", key: str = "", **more: str) -> Any:
        data = text.encode() if isinstance(text, str) else text
        headers = {**self.key, **({"idempotency-key": key} if key else {})}
        form = {"kind": kind, **more}
        return self.country.browser.post(
            "/api/v1/filings", data=form, files={"file": ("../../etc/table.csv", data)}, headers=headers
        )


@pytest.fixture
def filer(country: Portal) -> Filer:
    return Filer(country)


def test_a_good_table_is_acknowledged_and_its_entry_is_in_the_log(filer: Filer, country: Portal) -> None:
    answer = filer.post("\n".join([HEAD, filer.row()]))
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert (made["status"], made["faults"], made["findings"], made["period"]) == ("accepted", [], [], "2026-10")
    assert made["file"]["name"] == "table.csv"
    assert made["acknowledgement"]["number"] == made["number"]
    shown = country.browser.get(f"/api/v1/filings/{made['id']}", headers=filer.key).json()
    assert shown == made
    content = country.browser.get(f"/api/v1/filings/{made['id']}/file", headers=filer.key)
    assert content.text.startswith("№;")
    assert content.headers["content-disposition"].startswith("attachment")


def test_a_bad_table_is_refused_with_every_fault(filer: Filer) -> None:
    rows = [HEAD, filer.row(day="32.10.2026"), filer.row(n="-1"), filer.row(miner="230440900504"), filer.row(n="много")]
    rows += [filer.row(n="1,234"), filer.row(n="1 000,50")]  # the first could be two amounts, the second is one
    made = filer.post("\n".join(rows)).json()
    assert made["status"] == "refused"
    assert [f["where"] for f in made["faults"]] == ["2:date", "3:quantity", "4:miner", "5:quantity", "6:quantity"]
    assert all(set(f["words"]) == {"kk", "ru", "en"} for f in made["faults"])


def test_a_table_that_is_too_long_is_not_taken_in_part(filer: Filer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_table, "MOST_ROWS", 3)
    rows = [HEAD, filer.row(), filer.row()]
    assert filer.post("\n".join(rows)).json()["status"] == "accepted"
    blank, wide = "\n" * 40, "a," * 2000
    for data, why in (
        ("\n".join([*rows, filer.row()]), "more than 3 rows"),
        (blank, "more than 3 rows"),
        (wide, "not a"),
    ):
        made = filer.post(data).json()
        assert made["status"] == "refused"
        assert why in made["faults"][0]["words"]["en"]


def test_what_the_registers_say_otherwise_is_shown(filer: Filer) -> None:
    rows = [
        HEAD,
        filer.row(),
        filer.row(licence="M-1999-0001"),
        filer.row(licence="", miner="230440900503"),
        filer.row(miner="211140900363"),
    ]
    made = filer.post("\n".join(rows)).json()
    assert made["status"] == "accepted"
    assert {f["code"] for f in made["findings"]} == {
        "intake_licence_not_active",
        "intake_miner_without_licence",
        "intake_licence_of_other",
    }


def test_a_finding_says_day_and_status_in_the_readers_words(filer: Filer, country: Portal) -> None:
    ended = country.browser.get("/api/v1/registers/miners/records?status=expired").json()["items"][0]["number"]
    made = filer.post("\n".join([HEAD, filer.row(licence=ended)])).json()
    said = made["findings"][0]["words"]
    assert "05.10.2026" in said["kk"]
    assert "05.10.2026" in said["ru"]
    assert "2026-10-05" in said["en"]
    assert "expired" in said["en"]
    assert not any(code in said[lang] for code in ("expired", "2026-10-05") for lang in ("kk", "ru"))


def test_corrections_form_a_chain(filer: Filer, country: Portal) -> None:
    first = filer.post("\n".join([HEAD, filer.row()])).json()
    second = filer.post("\n".join([HEAD, filer.row(n="0,6")]), corrects=first["id"]).json()
    assert second["corrects"] == first["id"]
    assert (
        country.browser.get(f"/api/v1/filings/{first['id']}", headers=filer.key).json()["corrected_by"] == second["id"]
    )
    again = filer.post("\n".join([HEAD, filer.row(n="0,7")]), corrects=first["id"])
    assert again.status_code == 409
    refused = filer.post("\n".join([HEAD, filer.row(n="x")]), corrects=second["id"]).json()
    assert refused["status"] == "refused"
    assert filer.post("\n".join([HEAD, filer.row(n="0,8")]), corrects=second["id"]).json()["status"] == "accepted"


def test_a_filing_between_two_pages_shifts_no_other(filer: Filer, country: Portal) -> None:
    for n in range(3):
        filer.post(f"a;b;{n}")

    def listed(path: str) -> Any:
        return country.browser.get(f"/api/v1/filings{path}", headers=filer.key).json()

    first = listed("?limit=2")
    filer.post("a;b;new")
    second = listed(f"?limit=2&cursor={quote(first['next'])}")
    numbers = [i["number"] for page in (first, second) for i in page["items"]]
    assert numbers == [i["number"] for i in listed("")["items"]][1:5]
    assert len(set(numbers)) == 4


def test_a_key_gives_one_answer(filer: Filer, country: Portal) -> None:
    text = "\n".join([HEAD, filer.row()])
    first, second = filer.post(text, key="k1"), filer.post(text, key="k1")
    assert first.json() == second.json()
    assert filer.post(text + "\n", key="k1").status_code == 409
    with country.work.transaction() as tx:
        assert tx.value(b"select count(*) from intake.filing where filed_by = 'pool_2'") == 1


def test_others_do_not_see_it(filer: Filer, country: Portal) -> None:
    made = filer.post("\n".join([HEAD, filer.row()])).json()
    path = f"/api/v1/filings/{made['id']}"
    assert country.browser.get(path).status_code == 401
    for who, status in (("miner", 404), ("officer", 200), ("auditor", 200), ("afm_officer", 404)):
        assert country.browser.get(path, headers=country.key(who)).status_code == status, who
        assert country.browser.get(path + "/file", headers=country.key(who)).status_code == status
    assert filer.post("\n".join([HEAD, filer.row()]), organisation=filer.other).status_code == 422


HOSTILE = [
    b"",
    b"\xff\xfe\x00",
    b"PK\x03\x04nonsense",
    b"a;b;c\n1;2;3",
    HEAD.encode(),
    b'"' * 1000,
    b"\n" * 5000,
    (HEAD + "\n" + ";" * 5000).encode(),
]


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_file_is_refused_in_words(filer: Filer, data: bytes) -> None:
    for kind in ("pool_table", "exchange_sales", "270.00", "880.00"):
        answer = filer.post(data, kind)
        assert answer.status_code in (201, 422), answer.text
        if answer.status_code == 201:
            assert answer.json()["status"] == "refused"
            assert answer.json()["faults"][0]["words"]["en"]
        assert "Traceback" not in answer.text
    assert filer.post(b"x", "nonsense").status_code == 422


def test_mandatory_sale_is_compared_with_the_share_of_its_month(filer: Filer) -> None:
    rows = [
        "miner,period,asset,sold,sold_on_aifc",
        "230440900503,2024-06,BTC,100,49.9",
        "211140900363,2025-06,BTC,100,75",
        "221240021097,2026-03,BTC,100,0",
    ]
    made = filer.post("\n".join(rows), "exchange_sales").json()
    assert made["status"] == "accepted", made
    assert [f["miner"] for f in made["findings"]] == ["230440900503"]


def fee_return(person: str, period: str = "2025-Q1", **kwh: str) -> str:
    head = {"880.00.iin_bin": person, "880.00.year": period[:4], "880.00.quarter": period[-1]}
    lines = {**head, **{f"880.01.{name}": value for name, value in kwh.items()}}
    document = {"form": "880.00", "edition": "o39-2023", "draft": False, "year": int(period[:4]), "period": period,
                "person": person, "lines": lines, "rows": {}, "by_hand": [], "from": {}}  # fmt: skip
    return json.dumps(document)


def test_a_fee_is_compared_with_what_the_trades_say_was_bought(filer: Filer, country: Portal) -> None:
    """The trades tell months, the return a quarter; the last word of a chain counts, also where it leaves one out."""
    miner, key = country.user("miner")["organisation"], country.key("miner")

    def fee(kwh: str, period: str = "2025-Q1") -> list[dict[str, Any]]:
        form, text = (
            {"kind": "880.00", "organisation": miner},
            fee_return(miner, period, **{"001.E": kwh, "011.E": kwh}),
        )
        made = country.browser.post("/api/v1/filings", data=form, files={"file": ("f.json", text)}, headers=key).json()
        assert made["status"] == "accepted", made["faults"]
        found: list[dict[str, Any]] = made["findings"]
        return found

    head = "miner,period,kwh"
    told = [head, f"{miner},2025-01,1000.5", f"{miner},2025-03,2000", f"{miner},2025-04,9", "230440900503,2025-02,7777"]
    assert fee("3000.5") == []  # nothing told yet
    first = filer.post("\n".join(told), "auction_energy").json()
    assert (first["status"], first["faults"], first["summary"]["miners"]) == ("accepted", [], 2)
    assert fee("3000.5") == []
    assert fee("4000") == []  # other suppliers there may be
    [less] = fee("2999.5")
    assert less["code"] == "intake_energy_not_declared"
    assert less["cites"] == ["law-588-ii:19-1.3.2", "tax-code-2017:606-3.1"]
    assert "3000.5 kWh" in less["words"]["en"]
    assert ": 1 less" in less["words"]["en"]
    assert first["number"] in less["words"]["ru"]
    assert filer.bin in less["words"]["kk"]
    second = filer.post("\n".join([head, f"{miner},2025-03,2000"]), "auction_energy", corrects=first["id"]).json()
    assert fee("2000") == []
    assert len(fee("1999")) == 1
    filer.post("\n".join([head, "230440900503,2025-02,7777"]), "auction_energy", corrects=second["id"])
    assert fee("0") == []


def test_a_fee_that_was_filed_first_is_compared_when_the_trades_tell(filer: Filer, country: Portal) -> None:
    """Whichever comes first: the return, its list and its page say it; a correction of either is followed."""
    miner, key, told = country.user("miner")["organisation"], country.key("miner"), "miner,period,kwh"

    def hand_in(**more: str) -> dict[str, Any]:
        kwh = more.pop("kwh")
        form = {"kind": "880.00", "organisation": miner, **more}
        text = fee_return(miner, "2025-Q1", **{"001.E": kwh, "011.E": kwh})
        made: dict[str, Any] = country.browser.post(
            "/api/v1/filings", data=form, files={"file": ("f.json", text)}, headers=key
        ).json()
        assert (made["status"], made["findings"]) == ("accepted", [])
        return made

    def said(made: dict[str, Any]) -> list[tuple[str, bool]]:
        one = country.browser.get(f"/api/v1/filings/{made['id']}", headers=key).json()
        listed = country.browser.get("/api/v1/filings", params={"kind": "880.00"}, headers=key).json()["items"]
        assert [f["findings"] for f in listed if f["id"] == made["id"]] == [one["findings"]]
        return [(f["words"]["en"].partition(":")[0], f["later"]) for f in one["findings"]]

    made = hand_in(kwh="1000")
    assert said(made) == []
    first = filer.post(f"{told}\n{miner},2025-02,1000\n", "auction_energy").json()
    assert said(made) == []
    second = filer.post(f"{told}\n{miner},2025-02,1000.5\n", "auction_energy", corrects=first["id"]).json()
    assert said(made) == [("2025-Q1", True)]
    for lang, words in (("kk", "кейін түскен құжаттан"), ("ru", "поданному позже"), ("en", "handed in later")):
        page = country.as_user("officer").get(f"/{lang}/authority/filings/{made['id']}").text
        assert words in page
        assert second["number"] in page
    mended = hand_in(kwh="1000.5", corrects=made["id"])
    assert (said(made), said(mended)) == ([], [])
    filer.post(f"{told}\n{miner},2025-02,2000\n", "auction_energy", corrects=second["id"])
    assert said(mended) == [("2025-Q1", True)]


def test_others_purchases_of_power_are_not_seen(filer: Filer, country: Portal) -> None:
    miner = country.user("miner")["organisation"]
    text = f"miner,period,kwh\n{miner},2025-01,5\n230440900503,2025-01,7\n"
    assert filer.post(text, "auction_energy").json()["status"] == "accepted"
    for access, seen in (
        (Access(), 0),
        (Access(organisations=(miner,)), 1),
        (Access(organisations=(filer.bin,)), 2),
        (Access(role="officer", office="tax"), 2),
        (Access(role="officer", office="afm"), 0),
    ):
        with country.web.transaction(access) as tx:
            assert tx.value(b"select count(*) from intake.auction") == seen
    forged = (
        b"insert into intake.auction select '100', miner, month, 9, filing, number, entry from intake.auction limit 1"
    )
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        country.web.transaction(Access(organisations=(miner,))) as tx,
    ):
        tx.run(forged)


def test_a_bad_table_of_the_trades_is_refused_by_row(filer: Filer) -> None:
    rows = ["miner,period,kwh", "230440900504,2025-01,1", "230440900503,2025-13,1", "230440900503,2025-01,-1",
            "230440900503,2025-01,x", "230440900503,2025-02,1", "230440900503,2025-02,2"]  # fmt: skip
    made = filer.post("\n".join(rows), "auction_energy").json()
    assert made["status"] == "refused"
    wrong = [f["where"] for f in made["faults"]]
    assert wrong == ["2:miner", "3:period", "4:kwh", "5:kwh", "5:period", "7:period"]


def test_a_filing_stays(filer: Filer, country: Portal) -> None:
    filer.post("\n".join([HEAD, filer.row()]))
    for change in ("delete from intake.filing", "update intake.filing set status = 'refused'"):
        with psycopg.connect(country.work.url) as c, pytest.raises(psycopg.errors.RestrictViolation):
            c.execute(change.encode())


def test_row_level_security_holds_below_the_api(filer: Filer, country: Portal) -> None:
    filer.post("\n".join([HEAD, filer.row()]))
    web: Store = country.web
    for access, seen in (
        (Access(), 0),
        (Access(organisations=(filer.bin,)), 1),
        (Access(role="officer", office="tax"), 1),
        (Access(role="officer", office="afm"), 0),
    ):
        with web.transaction(access) as tx:
            assert tx.value(b"select count(*) from intake.filing where filed_by = 'pool_2'") == seen


def test_names_of_files_are_harmless() -> None:
    assert safe_name("../../etc/passwd") == "passwd"
    assert safe_name("a\\b\\c\x00\n.csv") == "c.csv"
    assert safe_name("") == "file"
    assert len(safe_name("x" * 5000)) == 120


def test_a_return_of_270_is_checked_by_the_forms_room(filer: Filer, country: Portal) -> None:
    document = {"form": "270.00", "edition": "o927-2025", "draft": False, "year": 2025, "period": "2025",
                "person": filer.bin, "lines": {}, "rows": {}, "by_hand": [], "from": {}}  # fmt: skip
    made = filer.post(json.dumps(document), "270.00").json()
    assert made["status"] == "refused"
    assert {(f["where"], f["right"]) for f in made["faults"]} == {("270.00.1", filer.bin), ("270.00.2", "2025")}
    document["lines"] = {"270.00.1": filer.bin, "270.00.2": "2025"}
    assert filer.post(json.dumps(document), "270.00").json()["status"] == "accepted"
    assert filer.post(json.dumps({**document, "form": "880.00"}), "270.00").json()["status"] == "refused"


def exchange(country: Portal) -> tuple[dict[str, str], str]:
    """A licensed exchange of the demonstration, with the key of its account."""
    user = country.user("exchange")
    return country.key("exchange"), user["organisation"]


def fm1_message(folder: Path, sender: str, **codes: str) -> bytes:
    from salyq.forms.fm1 import message
    from salyq.forms.fm1.find import reportable
    from salyq.forms.fm1.rows import participants, read_subject

    (folder / "s.toml").write_text(f'bin = "{sender}"\nname = "X"\nprovider = "exchange_operator"\n', encoding="utf-8")
    head = "id,time,asset_kind,asset,quantity,amount,currency,amount_kzt,client,other,code,eknp,purpose"
    row = "o2,2026-11-10T11:00:00+05:00,unsecured,BTC,0.1,10000,USD,6000000,c1,c2,,,"
    (folder / "o.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    people = "id,kind,resident,pep,last_name,first_name,iin_bin,country,document_code"
    rows = "c1,individual,yes,no,Made,Up,900101300017,KZ,01\nc2,entity,yes,no,,,221140000000,KZ,"
    (folder / "p.csv").write_text(f"{people}\n{rows}\n", encoding="utf-8")
    subject = read_subject(folder / "s.toml")
    found = next(reportable(folder / "o.csv", subject))
    made = message.build(found, subject, participants(folder / "p.csv"), datetime(2026, 11, 10, 12, tzinfo=UTC))
    text = made.data.decode("utf-16")
    for name, value in codes.items():
        text = re.sub(f"<{name}/>|<{name}></{name}>", f"<{name}>{value}</{name}>", text)
    return text.encode("utf-16")


def test_a_report_of_financial_monitoring_is_taken_or_refused(country: Portal, tmp_path: Path) -> None:
    headers, bin_ = exchange(country)

    def send(data: bytes) -> Any:
        form = {"kind": "fm1", "organisation": bin_}
        return country.browser.post(
            "/api/v1/filings", data=form, files={"file": ("m.xml", data)}, headers=headers
        ).json()

    blank = send(fm1_message(tmp_path, bin_))
    assert blank["status"] == "refused"
    assert {f["where"] for f in blank["faults"]} == {"SubjectCode", "ViewOperationId", "EknpId"}
    codes = {"SubjectCode": "1", "ViewOperationId": "1", "EknpId": "1"}
    whole = send(fm1_message(tmp_path, bin_, **codes))
    assert (whole["status"], whole["faults"], whole["findings"], whole["period"]) == ("accepted", [], [], "2026-11-10")
    other = send(fm1_message(tmp_path, "221140000000", **codes))
    assert other["status"] == "refused"
    assert other["faults"][0]["where"] == "organisation"
    assert send(b"<ExportData/>")["status"] == "refused"
    afm = country.as_user("afm_officer")
    assert whole["number"] in afm.get("/en/authority/filings").text
    assert whole["number"] not in country.as_user("pool").get("/en/cabinet/filings").text


def test_a_carf_report_is_taken_with_its_warnings(country: Portal) -> None:
    headers, bin_ = exchange(country)
    sample = Path(__file__).parents[2] / "forms" / "samples_hmrc" / "valid-carf.xml"
    form = {"kind": "carf", "organisation": bin_}
    made = country.browser.post(
        "/api/v1/filings", data=form, files={"file": ("c.xml", sample.read_bytes())}, headers=headers
    ).json()
    assert made["status"] == "accepted", made["faults"]
    assert {f["code"] for f in made["findings"]} >= {"intake_warning"}
    bad = country.browser.post(
        "/api/v1/filings", data=form, files={"file": ("c.xml", b"<!DOCTYPE a><a/>")}, headers=headers
    ).json()
    assert bad["status"] == "refused"
