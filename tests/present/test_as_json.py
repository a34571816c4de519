import json

from salyq.present.as_json import assessment_json, dumps

TRUST = ("verdict", "choices", "inputs", "run")


def test_shape_of_interfaces_5(assessment):
    out = assessment_json(assessment)
    assert list(out) == ["salyq", "law", "person", "year", "figures", "findings", "obligations", "rows", *TRUST]
    assert out["law"] == {"fingerprint": "sha256:0123456789abcdef0123", "known": "2026-06-11"}
    assert out["person"] == {"id": "900101300017", "kind": "individual"}
    assert out["rows"] == {"read": 10, "used": 8, "ignored": 1, "rejected": 1}


def test_figures(assessment):
    unknown, due, energy, _, vat = assessment_json(assessment)["figures"]
    assert (unknown["value"], unknown["status"]) == (None, "unknown")
    assert unknown["bounds"] == {"low": "0.00", "high": "1500000.00"}
    assert unknown["missing"][0]["message"]["en"]
    assert unknown["so_far"] == "7.10"
    assert due["value"] == "200000.00"
    assert due["bounds"] is None
    assert due["alternatives"] == [{"election": "lot_method", "choice": "average", "value": "1180000.00"}]
    assert (energy["value"], energy["unit"]) == ("1234.5", "kWh")
    assert vat["status"] == "not_applicable"
    assert vat["note"] == "figures_none"
    assert set(vat["note_text"]) == {"kk", "ru", "en"}
    assert due["note"] is None


def test_findings_and_obligations(assessment):
    out = assessment_json(assessment)
    assert out["findings"][1]["records"][0] == "my file.csv:2"
    assert out["findings"][1]["amount"] == "0.5 BTC"
    assert out["obligations"][0]["due"] == "2027-03-31"
    assert out["obligations"][1]["due"] is None
    assert out["obligations"][1]["amount"] == "200000.00"


def test_same_bytes_and_letters_as_they_are(assessment):
    first, second = dumps(assessment_json(assessment)), dumps(assessment_json(assessment))
    assert first == second
    assert json.loads(first) == assessment_json(assessment)
    assert first.startswith('{\n  "salyq"')
    assert first.endswith("}\n")
    assert dumps({"a": "Әлия"}) == '{\n  "a": "Әлия"\n}\n'
