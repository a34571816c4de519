"""Asking: patient with a server in trouble, short with one that leads astray; one clear line in every case."""

import gzip
import time
from datetime import date
from types import SimpleNamespace

import pytest
from bank_server import feed, running

from salyq.civil.errors import InputError, UsageError
from salyq.prices import fetch_http
from salyq.prices.fetch_http import BANK, Bank, Manners, check_address
from salyq.prices.fetch_xml import LARGEST

DAY, TEXT = date(2025, 6, 13), "13.06.2025"
QUICK = Manners(connect=1, read=1, whole=2, again=2, backoff=0, longest=1)


@pytest.fixture
def server():
    with running() as bank:
        yield bank


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def ask(server, manners=QUICK, day=DAY):
    with Bank(server.base, manners) as bank:
        return bank.answer(day)


def refused(server, manners=QUICK):
    with Bank(server.base, manners) as bank, pytest.raises(InputError) as caught:
        bank.answer(DAY)
    error = caught.value
    assert error.exit_code == 4
    texts = [error.text(lang) for lang in ("kk", "ru", "en")]
    assert len(set(texts)) == 3
    assert all("\n" not in text and "{" not in text and text.startswith(server.base) for text in texts)
    return texts[2]


def test_the_answer_comes_as_it_is_and_we_say_who_asks(server):
    assert ask(server) == feed(TEXT)
    assert server.asked == [f"/rss/get_rates.cfm?fdate={TEXT}"]
    (agent,) = server.agents
    assert agent.startswith("salyq/")


def test_one_connection_for_many_days(server):
    with Bank(server.base, QUICK) as bank:
        for n in range(1, 8):
            bank.answer(date(2025, 6, n))
    assert len(server.asked) == 7
    assert server.connections == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_trouble_that_passes(server, status):
    server.says[TEXT] = [status, status, feed(TEXT)]
    assert ask(server) == feed(TEXT)
    assert len(server.asked) == 3


def test_trouble_that_stays(server):
    server.says[TEXT] = [500]
    assert "500" in refused(server)
    assert len(server.asked) == 1 + QUICK.again


@pytest.mark.parametrize("status", [403, 404, 204])
def test_a_clear_no_is_not_asked_again(server, status):
    server.says[TEXT] = [status]
    assert str(status) in refused(server)
    assert len(server.asked) == 1


def test_retry_after_is_heeded_but_not_for_hours(server):
    server.says[TEXT] = [(503, {"Retry-After": "86400"}, b""), feed(TEXT)]
    begun = time.monotonic()
    assert ask(server) == feed(TEXT)
    assert 0.9 < time.monotonic() - begun < 5


def test_a_server_that_says_nothing(server):
    server.says[TEXT] = [lambda handler: time.sleep(3)]
    assert "in time" in refused(server, Manners(connect=1, read=1, again=0))


def test_a_body_that_drips(server):
    def drip(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        for _ in range(20):
            handler.wfile.write(b" ")
            time.sleep(0.2)

    server.says[TEXT] = [drip]
    begun = time.monotonic()
    assert "within 1 s" in refused(server, Manners(read=2, whole=1, again=0))
    assert time.monotonic() - begun < 3


def _headers(handler):
    yield b"HTTP/1.1 200 OK\r\n"
    while True:
        yield b"X"


def _continue(handler):
    while True:
        yield b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\n"


def _trailers(handler):
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n"
    while True:
        yield b"X: y\r\n"


def _extension(handler):
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;"
    while True:
        yield b"x"


def _blocks(handler):
    yield b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9999999\r\n\r\n" + gzip.compress(b"")[:10]
    while True:
        yield b"\0\0\0\xff\xff"


@pytest.mark.parametrize("endless", [_headers, _continue, _trailers, _extension, _blocks])
def test_one_deadline_over_the_whole_answer(server, endless):
    def drip(handler):
        try:
            for part in endless(handler):
                handler.wfile.write(part)
                time.sleep(0.05)
        except OSError:
            handler.close_connection = True

    server.says[TEXT] = [drip]
    begun = time.monotonic()
    assert "within 1 s" in refused(server, Manners(read=2, whole=1, again=3, backoff=0))
    assert time.monotonic() - begun < 4


def test_an_endless_wish_to_wait_is_not_heeded(server):
    def busy(handler):
        handler.send_response(503)
        handler.send_header("Retry-After", "9" * 5000)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    server.says[TEXT] = [busy, feed(TEXT)]
    assert ask(server) == feed(TEXT)


def test_a_body_that_breaks_off_is_asked_again(server):
    def half(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(feed(TEXT))))
        handler.end_headers()
        handler.wfile.write(feed(TEXT)[:100])
        handler.close_connection = True

    server.says[TEXT] = [half, feed(TEXT)]
    assert ask(server) == feed(TEXT)
    server.says[TEXT] = [half]
    assert "broke off" in refused(server)


def test_nobody_listens():
    with running() as gone:
        pass
    assert "no connection" in refused(gone)


def test_a_size_without_end_is_cut(server):
    sent = []

    def flood(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(64):
            handler.wfile.write(b" " * LARGEST)
            sent.append(LARGEST)

    server.says[TEXT] = [flood]
    assert "larger than" in refused(server)
    assert sum(sent) < 32 * LARGEST, "what the sockets buffer, not what the server would send"


def test_packed_answers_are_unpacked_and_measured_unpacked(server):
    packed = {"Content-Encoding": "gzip"}
    server.says[TEXT] = [(200, packed, gzip.compress(feed(TEXT)))]
    assert ask(server) == feed(TEXT)
    server.says[TEXT] = [(200, packed, gzip.compress(bytes(64 * LARGEST)))]
    assert "larger than" in refused(server)
    server.says[TEXT] = [(200, packed, b"not gzip at all")]
    assert "XML" in refused(server)


def test_a_redirect_within_the_server_is_followed(server):
    server.says[TEXT] = [(302, {"Location": f"/moved?fdate={TEXT}"}, b""), feed(TEXT)]
    assert ask(server) == feed(TEXT)
    assert server.asked[-1] == f"/moved?fdate={TEXT}"


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:1/rss/get_rates.cfm",
        "https://example.com/rates",
        "file:///etc/passwd",
        "//example.com/",
        "http://[",
    ],
)
def test_a_redirect_elsewhere_is_refused(server, target):
    server.says[TEXT] = [(302, {"Location": target}, b"")]
    assert "another address" in refused(server)
    assert len(server.asked) == 1


def test_a_redirect_in_a_circle_ends(server):
    server.says[TEXT] = [(301, {"Location": f"/rss/get_rates.cfm?fdate={TEXT}"}, b"")]
    assert "redirects" in refused(server)
    assert len(server.asked) == 4


def test_a_proxy_of_the_environment_is_for_others_only(server, monkeypatch):
    """This machine is asked directly; the way to the bank goes through the proxy, here one that is not there."""
    with running() as gone:
        pass
    monkeypatch.setenv("http_proxy", gone.base)
    monkeypatch.setenv("https_proxy", gone.base)
    assert ask(server) == feed(TEXT)
    with Bank(BANK, QUICK) as bank, pytest.raises(InputError, match="proxy"):
        bank.answer(DAY)


def test_rest_between_answers(server, monkeypatch):
    """On the way to the bank: one second after every `burst` answers; on this machine none."""
    rests = []
    monkeypatch.setattr(fetch_http, "time", SimpleNamespace(sleep=rests.append))  # others' threads go on sleeping
    with Bank(server.base, QUICK) as bank:
        for n in range(1, 8):
            bank.answer(date(2025, 6, n))
        assert rests == []
        bank._here = False
        for n in range(1, 8):
            bank.answer(date(2025, 6, n))
    assert rests == [1, 1]


@pytest.mark.parametrize("text", ["https://nationalbank.kz", "https://m.example:8443/feed/", "http://[::1]:80"])
def test_good_addresses(text):
    assert check_address(text) == text.rstrip("/")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("http://nationalbank.kz", "fetch_not_https"),
        ("http://127.0.0.1.example.com", "fetch_not_https"),
        ("ftp://nationalbank.kz", "fetch_not_https"),
        ("file:///etc/passwd", "fetch_bad_address"),
        ("nationalbank.kz", "fetch_bad_address"),
        ("", "fetch_bad_address"),
        ("https://", "fetch_bad_address"),
        ("https://me:secret@nationalbank.kz", "fetch_bad_address"),
        ("https://nationalbank.kz/?fdate=1", "fetch_bad_address"),
        ("https://nationalbank.kz/#x", "fetch_bad_address"),
        ("https://national bank.kz", "fetch_bad_address"),
        ("https://nationalbank.kz:99999", "fetch_bad_address"),
        ("https://[::1", "fetch_bad_address"),
        ("https://x\r\nHost: y", "fetch_bad_address"),
    ],
)
def test_bad_addresses(text, code):
    with pytest.raises(UsageError) as caught:
        check_address(text)
    assert caught.value.message.code == code


def test_the_origin_names_the_bank_and_a_mirror():
    assert Bank().origin(DAY) == "nationalbank.kz get_rates 13.06.2025"
    assert Bank("https://www.nationalbank.kz/").origin(DAY) == "nationalbank.kz get_rates 13.06.2025"
    assert Bank("http://127.0.0.1:81").origin(DAY) == "nationalbank.kz get_rates 13.06.2025 (127.0.0.1:81)"
    assert Bank().address(DAY) == "https://nationalbank.kz/rss/get_rates.cfm?fdate=13.06.2025"
