"""A server on this machine that answers like the National Bank, and misbehaves when told to."""

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

ITEM = """  <item>
    <fullname>{name}</fullname>
    <title>{code}</title>
    <description>{rate}</description>
    <quant>{quant}</quant>
    <index>UP</index>
    <change>+0.61</change>
  </item>
"""
HEAD = """<?xml version="1.0" encoding="utf-8"?>
<rates>
  <generator>Alternate RSS Builder</generator>
  <title>Official exchange rates of National Bank of Republic Kazakhstan</title>
  <link>www.nationalbank.kz</link>
  <description>Official exchange rates of National Bank of Republic Kazakhstan</description>
  <copyright>www.nationalbank.kz</copyright>
  <date>{day}</date>
"""
USUAL = (("USD", "511.19", "1"), ("AMD", "13.05", "10"), ("XDR", "701.5", "1"))


def feed(day, rates=USUAL, head=HEAD):
    """An answer in the bank's format; made up, with the elements and the layout that it really has."""
    items = "".join(ITEM.format(name=f"ВАЛЮТА {code}", code=code, rate=rate, quant=q) for code, rate, q in rates)
    return (head.format(day=day) + items + "</rates>\n").encode()


class BankServer:
    """`says[DD.MM.YYYY]` is a list of what to do at each request for that day (the last one again and again):
    bytes, a status, a (status, headers, bytes), or a function of the request's handler."""

    def __init__(self):
        self.says = {}
        self.asked = []
        self.agents = set()
        self.connections = 0
        self.base = ""
        self.default = feed

    def act(self, day):
        todo = self.says.get(day)
        if not todo:
            return self.default(day)
        return todo.pop(0) if len(todo) > 1 else todo[0]


@contextmanager
def running():
    bank = BankServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self):
            super().setup()
            bank.connections += 1

        def do_GET(self):
            day = parse_qs(urlsplit(self.path).query).get("fdate", [""])[0]
            bank.asked.append(self.path)
            bank.agents.add(self.headers["User-Agent"])
            todo = bank.act(day)
            if callable(todo):
                todo(self)
                return
            if isinstance(todo, int):
                todo = (todo, {}, b"no")
            status, headers, body = todo if isinstance(todo, tuple) else (200, {}, todo)
            self.reply(body, status, headers)

        def reply(self, body, status=200, headers=()):
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **dict(headers)}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

        def handle(self):
            try:
                super().handle()
            except OSError:  # the other side went away, as some tests make it do
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    bank.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield bank
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
