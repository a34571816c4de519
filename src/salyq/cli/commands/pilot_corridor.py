"""`salyq pilot corridor serve | status | report`: one side of the corridor, what it knows, and its year."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from salyq.civil.errors import InputError, UsageError
from salyq.civil.messages import Message
from salyq.civil.numbers import NumberError, parse_written
from salyq.cli import options
from salyq.cli.helping import Command, Group, Help
from salyq.cli.office import shared
from salyq.cli.office_options import opened_office
from salyq.cli.output import complain, emit, emit_json, emit_page, write_files

if TYPE_CHECKING:
    from nacl.signing import SigningKey, VerifyKey

    from salyq.office.pilots.corridor.keys import Known
    from salyq.office.pilots.corridor.node import Node
    from salyq.office.pilots.corridor.web import HttpPeer
    from salyq.office.store.store import Store

COMMANDS = {
    "serve": "salyq.cli.commands.pilot_corridor:build_serve",
    "status": "salyq.cli.commands.pilot_corridor:build_status",
    "report": "salyq.cli.commands.pilot_corridor:build_report",
}
SIDES = ("kz", "abroad")
ROUND = 5  # seconds between two looks at what is open
WINDOW = 60  # seconds of a settlement window in the demonstration


def build(words: Help) -> click.Command:
    return Group("pilot corridor", words, COMMANDS, [options.lang(words)])


def build_serve(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Option(
            ["--side"], type=options.OneOf(SIDES), required=True, metavar="kz|abroad", help=words("option", "side")
        ),
        click.Option(["--host"], default="127.0.0.1", metavar="HOST", help=words("option", "host")),
        click.Option(
            ["--port"], type=click.IntRange(0, 65535), required=True, metavar="PORT", help=words("option", "port")
        ),
        click.Option(["--peer"], required=True, metavar="URL", help=words("option", "peer")),
        click.Option(["--contract"], default="SB-2025-002", metavar="ID", help=words("option", "contract")),
        click.Option(["--most-unsettled"], default="1000000", metavar="USDT", help=words("option", "most_unsettled")),
        click.Option(["--demo"], is_flag=True, help=words("option", "corridor_demo")),
        *shared(words),
    ]
    return Command("pilot corridor serve", words, run_serve, params)


def run_serve(
    *,
    side: str,
    host: str,
    port: int,
    peer: str,
    contract: str,
    most_unsettled: str,
    demo: bool,
    data: str | None,
    now: datetime | None,
    lang: str,
) -> int:
    """Until Ctrl-C."""
    import uvicorn

    from salyq.office.pilots.corridor.web import application
    from salyq.prices.store import data_folder

    folder = Path(data) if data else data_folder()
    other = SIDES[1 - SIDES.index(side)]
    own_key, known = _keys(folder, side, demo)
    most = _most(most_unsettled)
    with contextlib.ExitStack() as stack:
        store = stack.enter_context(opened_office(data, now))
        line = _line(peer, own_key, side, known.keys, store)
        node = stack.enter_context(_node(store, side, line, contract, most, demo))
        over = threading.Event()
        rounds = threading.Thread(target=_rounds, args=(node, over, demo), daemon=True)
        rounds.start()
        emit(Message("corridor_serving", {"side": side, "host": host, "port": port}).text(lang) + "\n")
        try:
            uvicorn.run(application(node, known, other, own_key), host=host, port=port, log_level="warning")
        finally:
            over.set()
            rounds.join()
    return 0


def _keys(folder: Path, side: str, demo: bool) -> tuple[SigningKey, Known]:
    from salyq.office.pilots.corridor import keys

    if demo:
        return keys.made_up(side), keys.made_up_known()
    return keys.own(folder), keys.known(folder)


def _most(text: str) -> int:
    """Whole units of the leg."""
    from salyq.office.ledger.assets import SCALES
    from salyq.office.pilots.corridor.accounts import LEG

    try:
        found = parse_written(text, SCALES[LEG])
    except NumberError:
        found = 0
    if found <= 0:
        raise UsageError(Message("corridor_most_wrong"), column="--most-unsettled", value=text)
    return found


def _line(url: str, key: SigningKey, side: str, known: Mapping[str, VerifyKey], store: Store) -> HttpPeer:
    """The line to the other side, whose answers count only where its key signed them."""
    from salyq.office.pilots.corridor.keys import KNOWN_FILE
    from salyq.office.pilots.corridor.web import HttpPeer

    other = SIDES[1 - SIDES.index(side)]
    if other not in known:
        raise InputError(Message("corridor_no_peer_key", {"name": other}), file=KNOWN_FILE)
    return HttpPeer(url, key, side, store.clock.now, (other, known[other]))


@contextlib.contextmanager
def _node(store: Store, side: str, line: HttpPeer, contract: str, most: int, demo: bool) -> Iterator[Node]:
    from salyq.office.ledger.gate import Gate
    from salyq.office.pilots.corridor import demo as made_up
    from salyq.office.pilots.corridor.destination import Destination
    from salyq.office.pilots.corridor.origin import Origin

    with Gate(store.url, store.clock) as gate:
        if demo and side == "kz":
            made_up.origin(store, gate, number=contract)
            made_up.sender(gate, made_up.SENDER, made_up.SENDER_TIYN)
        elif demo:
            made_up.destination(store, gate)
        yield Origin(store, gate, line, contract) if side == "kz" else Destination(store, gate, line, most)


def _rounds(node: Node, over: threading.Event, demo: bool) -> None:
    """What comes round: asking about what is open, made-up prices, the window's net."""
    from salyq.office.pilots.corridor import demo as made_up
    from salyq.office.pilots.corridor.node import ACCESS, LostError
    from salyq.office.pilots.corridor.origin import Origin

    while not over.wait(ROUND):
        try:
            if demo:
                with node.store.transaction(ACCESS) as tx:
                    made_up.feed(tx, tx.now)
            node.run_due()
            if isinstance(node, Origin):
                node.settle_window(node.now().strftime("%Y%m%dT%H%M"))
        except LostError:
            continue
        except Exception as error:
            complain(f"{type(error).__name__}: {error}")


def build_report(words: Help) -> click.Command:
    params: list[click.Parameter] = [
        click.Option(["--contract"], default="SB-2025-002", metavar="ID", help=words("option", "contract")),
        options.year(words),
        click.Option(["--to"], required=True, metavar="DIR", help=words("option", "out")),
        *shared(words),
    ]
    return Command("pilot corridor report", words, run_report, params)


def run_report(*, contract: str, year: int, to: str, data: str | None, now: datetime | None, lang: str) -> int:  # noqa: ARG001
    """The year's files of the side that runs under the contract."""
    from salyq.office.pilots.corridor import report
    from salyq.office.pilots.sandbox import contracts

    with opened_office(data, now, there=True) as store, store.transaction() as tx:
        found = contracts.contract(tx, contract)
        if found is None or found.pilot != "corridor":
            known = ", ".join(c.id for c in contracts.contracts(tx, "corridor")) or "—"
            raise UsageError(Message("sandbox_no_contract", {"known": known}), column="--contract", value=contract)
        contents = report.files(report.carried(tx, contract, year), found, year)
    write_files("--to", Path(to), contents)
    emit("".join(f"{Path(to) / name}\n" for name in contents))
    return 0


def build_status(words: Help) -> click.Command:
    return Command("pilot corridor status", words, run_status, [options.form(words), *shared(words)])


def run_status(*, form: str, data: str | None, now: datetime | None, lang: str) -> int:
    """What this side knows: payments by state, volume, time to finality, failures by cause, liquidity, transit."""
    from salyq.office.pilots.corridor.monitor import monitor
    from salyq.present.page import Page

    with opened_office(data, now, there=True) as store, store.transaction() as tx:
        found = monitor(tx)
    if form == "json":
        emit_json(found)
        return 0
    page = Page()
    for name, value in found.items():
        page.heading(Message(f"corridor_{name}").text(lang))
        if name == "questions":
            for code in (q["code"] for q in value):
                page.line(f"? {Message(f'pilot_question_{code}').text(lang)}")
        elif rows := _rows(name, value, lang):
            page.table(["", ""], rows, right=(1,))
        else:
            page.line("—")
    emit_page(page)
    return 0


def _rows(name: str, value: Any, lang: str) -> list[list[str]]:
    """A part of the monitor as lines of a table."""
    from salyq.office.pilots import reasons

    if name == "windows":
        told = [(w["window"], {"count": w["payments"], "net": w["net"], "asset": w["asset"]}) for w in value]
        still = Message("pilot_window_open").text(lang)
        shown = [w["window"] if w["settled_at"] else f"{w['window']} ({still})" for w in value]
        words = [Message("pilot_window", params).text(lang) for _, params in told]
        return [[window, said] for window, said in zip(shown, words, strict=True)]
    if name == "waiting":
        return [[str(value["since"]), str(value["payments"])]] if value["payments"] else []
    if name == "finality_seconds" and value:
        most = Message("pilot_finality_most", {"most": value["most"]}).text(lang)
        return [
            [Message("pilot_finality").text(lang), Message("pilot_seconds", {"half": value["half"]}).text(lang)],
            ["", most],
        ]
    said = {"states": lambda k: Message(f"pilot_cstate_{k}").text(lang), "failures": lambda k: reasons.said(k, lang)}
    return [[said[name](k) if name in said else k, str(v)] for k, v in value.items()]
