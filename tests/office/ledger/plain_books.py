"""The ledger told again in the plainest Python, from the contract alone: dictionaries, copies, no database, no sharing.

It is slow and short on purpose. Tests put the same requests to it and to the real ledger and compare every answer.
"""

from __future__ import annotations

import copy
import json
import re
from datetime import datetime, timedelta
from typing import Any

LIMITS = ("none", "debits_must_not_exceed_credits", "credits_must_not_exceed_debits")


class Refused(Exception):
    pass


class PlainBooks:
    def __init__(self) -> None:
        self.accounts: dict[str, dict[str, Any]] = {}
        self.holds: dict[str, dict[str, Any]] = {}
        self.given: dict[str, tuple[str, dict[str, Any]]] = {}
        self.position = 0

    def answer(self, request: dict[str, Any], now: datetime) -> dict[str, Any]:
        self.let_holds_lapse(now)
        name = request.get("request")
        if not isinstance(name, str) or not 1 <= len(name) <= 512 or any(ord(c) < 32 for c in name):
            return {"request": name, "result": "invalid"}
        content = json.dumps(request, sort_keys=True)
        if name in self.given:
            before, answer = self.given[name]
            if before != content:
                return {"request": name, "result": "different_content"}
            return {**answer, "result": "exists"} if answer["result"] == "ok" else answer
        try:
            more = self.do(request, now)
            if "position" not in more:
                self.position += 1
                more = {"result": "ok", "position": self.position, **more}
            answer = {"request": name, **more}
        except Refused as refusal:
            answer = {"request": name, "result": refusal.args[0]}
            if len(refusal.args) > 1:
                answer["step"] = refusal.args[1]
        self.given[name] = (content, answer)
        return answer

    def let_holds_lapse(self, now: datetime) -> None:
        for hold in self.holds.values():
            if not hold["ended"] and hold["until"] <= now:
                self.release(hold)
                self.position += 1

    def release(self, hold: dict[str, Any]) -> None:
        hold["ended"] = True
        self.accounts[hold["debit"]]["debits_held"] -= hold["amount"]
        self.accounts[hold["credit"]]["credits_held"] -= hold["amount"]

    def do(self, r: dict[str, Any], now: datetime) -> dict[str, Any]:
        keys = set(r) - {"request", "effective"}
        if "effective" in r and not re.fullmatch(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", str(r["effective"])
        ):
            raise Refused("invalid")
        if keys == {"accounts"}:
            return self.open(r["accounts"])
        if keys == {"transfers"}:
            return self.chain(r["request"], r["transfers"], now)
        if keys - {"amount", "n"} == {"post"} or keys - {"n"} == {"void"}:
            self.check_end(r)
            return self.end(r["request"], r)
        if keys == {"linked"}:
            return self.linked(r["request"], r["linked"], now)
        if keys in ({"close"}, {"reopen"}):
            return self.switch(r[keys.pop()], closed="close" in r)
        raise Refused("invalid")

    def open(self, wanted: Any) -> dict[str, Any]:
        if not isinstance(wanted, list) or not wanted:
            raise Refused("invalid")
        made = []
        for a in wanted:
            if not isinstance(a, dict) or set(a) - {"id", "asset", "code", "limit", "rounding"}:
                raise Refused("invalid")
            if not text(a.get("id")) or not text(a.get("asset")) or not (a.get("code", "") == "" or text(a["code"])):
                raise Refused("invalid")
            if a.get("limit", "none") not in LIMITS or not isinstance(a.get("rounding", False), bool):
                raise Refused("invalid")
            said = {"asset": a["asset"], "code": a.get("code", ""), "limit": a.get("limit", "none")}
            made.append((a["id"], {**said, "rounding": a.get("rounding", False)}))
        if len({name for name, _ in made}) < len(made):
            raise Refused("invalid")
        there = [name for name, _ in made if name in self.accounts]
        if there:
            same = all(name in self.accounts and self.accounts[name]["said"] == said for name, said in made)
            if not same:
                raise Refused("different_content")
            return {"result": "exists", "position": self.accounts[there[0]]["position"]}
        zero = {"debits": 0, "credits": 0, "debits_held": 0, "credits_held": 0, "closed": False}
        for name, said in made:
            self.accounts[name] = {"said": said, "position": self.position + 1, **zero}
        return {}

    def chain(self, name: str, moves: Any, now: datetime) -> dict[str, Any]:
        if not isinstance(moves, list) or not moves:
            raise Refused("invalid")
        for m in moves:
            self.check_move(m, {"hold", "balancing"} if len(moves) == 1 else set())
        more: dict[str, Any] = {}
        kept = {m[s]: dict(self.accounts[m[s]]) for m in moves for s in ("debit", "credit") if m[s] in self.accounts}
        for m in moves:
            try:
                moved = self.check(m)
            except Refused:
                self.accounts.update(kept)
                raise
            d, c = self.accounts[m["debit"]], self.accounts[m["credit"]]
            if "balancing" in m:
                more["moved"] = str(moved)
            if "hold" in m:
                d["debits_held"] += moved
                c["credits_held"] += moved
                self.keep(name, 0, m, moved, now)
            else:
                d["debits"] += moved
                c["credits"] += moved
        return more

    def check(self, m: dict[str, Any]) -> int:
        if m["debit"] not in self.accounts or m["credit"] not in self.accounts:
            raise Refused("account_not_found")
        if m["debit"] == m["credit"]:
            raise Refused("same_account")
        d, c = self.accounts[m["debit"]], self.accounts[m["credit"]]
        if d["said"]["asset"] != c["said"]["asset"]:
            raise Refused("different_assets")
        if d["closed"] or c["closed"]:
            raise Refused("account_closed")
        moved = amount(m["amount"])
        if m.get("balancing") == "debit":
            moved = max(0, min(moved, d["credits"] - d["debits"] - d["debits_held"]))
        if m.get("balancing") == "credit":
            moved = max(0, min(moved, c["debits"] - c["credits"] - c["credits_held"]))
        if moved > 1 and (d["said"]["rounding"] or c["said"]["rounding"]):
            raise Refused("invalid")
        if d["said"]["limit"] == LIMITS[1] and d["debits"] + d["debits_held"] + moved > d["credits"]:
            raise Refused("exceeds_credits")
        if c["said"]["limit"] == LIMITS[2] and c["credits"] + c["credits_held"] + moved > c["debits"]:
            raise Refused("exceeds_debits")
        return moved

    def check_move(self, m: Any, more: set[str]) -> None:
        allowed = {"debit", "credit", "amount", "code"} | more
        if not isinstance(m, dict) or set(m) - allowed or not text(m.get("debit")) or not text(m.get("credit")):
            raise Refused("invalid")
        if not (m.get("code", "") == "" or text(m["code"])) or m.get("balancing", "debit") not in ("debit", "credit"):
            raise Refused("invalid")
        amount(m.get("amount"))
        if "hold" in m:
            duration(m["hold"])

    def keep(self, name: str, n: int, m: dict[str, Any], moved: int, now: datetime) -> None:
        sides = {"debit": m["debit"], "credit": m["credit"]}
        self.holds[f"{name}/{n}"] = {**sides, "amount": moved, "until": now + duration(m["hold"]), "ended": False}

    def check_end(self, r: dict[str, Any]) -> None:
        of, n = r.get("post", r.get("void")), r.get("n", 0)
        if not text(of) or not isinstance(n, int) or isinstance(n, bool) or not 0 <= n < 1_000_000:
            raise Refused("invalid")
        if "amount" in r:
            amount(r["amount"])

    def end(self, name: str, r: dict[str, Any]) -> dict[str, Any]:
        of = r.get("post", r.get("void"))
        hold = self.holds.get(f"{of}/{r.get('n', 0)}") if of != name else None
        if hold is None:
            raise Refused("hold_not_found")
        if hold["ended"]:
            raise Refused("hold_already_ended")
        moved = 0 if "void" in r else int(r["amount"]) if "amount" in r else hold["amount"]
        if moved > hold["amount"]:
            raise Refused("exceeds_hold")
        d, c = self.accounts[hold["debit"]], self.accounts[hold["credit"]]
        if "post" in r and (d["closed"] or c["closed"]):
            raise Refused("account_closed")
        self.release(hold)
        d["debits"] += moved
        c["credits"] += moved
        return {}

    def linked(self, name: str, steps: Any, now: datetime) -> dict[str, Any]:
        if not isinstance(steps, list) or not steps:
            raise Refused("invalid")
        for step in steps:
            if isinstance(step, dict) and ("post" in step or "void" in step):
                if set(step) not in (
                    {"post"},
                    {"post", "n"},
                    {"post", "amount"},
                    {"post", "n", "amount"},
                    {"void"},
                    {"void", "n"},
                ):
                    raise Refused("invalid")
                self.check_end(step)
            else:
                self.check_move(step, {"hold"})
        kept = copy.deepcopy((self.accounts, self.holds))
        for n, step in enumerate(steps):
            try:
                if "post" in step or "void" in step:
                    self.end(name, step)
                    continue
                moved = self.check(step)
                side = "held" if "hold" in step else ""
                self.accounts[step["debit"]]["debits_held" if side else "debits"] += moved
                self.accounts[step["credit"]]["credits_held" if side else "credits"] += moved
                if side:
                    self.keep(name, n, step, moved, now)
            except Refused as refusal:
                self.accounts, self.holds = kept
                raise Refused(refusal.args[0], n) from None
        return {}

    def switch(self, names: Any, *, closed: bool) -> dict[str, Any]:
        if not isinstance(names, list) or not names or not all(map(text, names)) or len(set(names)) < len(names):
            raise Refused("invalid")
        for name in names:
            if name not in self.accounts:
                raise Refused("account_not_found")
        for name in names:
            if closed and self.accounts[name]["closed"]:
                raise Refused("account_closed")
        for name in names:
            self.accounts[name]["closed"] = closed
        return {}

    def balance(self, name: str, now: datetime) -> dict[str, str]:
        self.let_holds_lapse(now)
        a = self.accounts[name]
        totals = {k: str(a[k]) for k in ("debits", "credits", "debits_held", "credits_held")}
        return {"account": name, "asset": a["said"]["asset"], **totals}


def text(given: Any) -> bool:
    return isinstance(given, str) and 1 <= len(given) <= 512 and all(ord(c) >= 32 for c in given)


def amount(given: Any) -> int:
    if not isinstance(given, str) or not re.fullmatch(r"[0-9]{1,1000}", given):
        raise Refused("invalid")
    return int(given)


def duration(given: Any) -> timedelta:
    found = re.fullmatch(
        r"P(?!$)(?:(\d+)D)?(?:T(?!$)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", given if isinstance(given, str) else ""
    )
    weeks = re.fullmatch(r"P(\d+)W", given if isinstance(given, str) else "")
    if weeks:
        return timedelta(weeks=int(weeks[1]))
    if not found:
        raise Refused("invalid")
    days, hours, minutes, seconds = (int(x or 0) for x in found.groups())
    lasts = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    if not timedelta(0) < lasts <= timedelta(days=36600):
        raise Refused("invalid")
    return lasts
