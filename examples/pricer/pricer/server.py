"""The pricer over HTTP."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pricer import invariants
from pricer.desk import Answer, Desk, Line
from pricer.feeds import FeedError

LONGEST_BODY = 64 << 10


class Server(ThreadingHTTPServer):
    """Listens on this machine only. Reload is whatever makes a new market, or raises FeedError."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, mark: str, desk: Desk, reload):
        super().__init__(("127.0.0.1", port), Handler)
        self.mark = mark
        self.desk = desk
        self._reload = reload
        self._reloading = threading.Lock()

    def reload(self):
        with self._reloading:
            self.desk.market = self._reload()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self):
        path = self.path.split("?")[0]
        try:
            self._get(path)
        except ArithmeticError as wrong:
            self._problem(500, "No price", f"{wrong}.")

    def _get(self, path: str):
        if path == "/health":
            self._answer(200, {"status": "ok"})
        elif path == "/version":
            self._answer(200, {"mark": self.server.mark, "market": self.server.desk.market.at.isoformat()})
        elif path == "/invariants":
            self._answer(200, {"invariants": invariants.check(self.server.desk)})
        elif path == "/book":
            self._answer(200, self._book())
        elif path.startswith("/price/"):
            self._price(path.removeprefix("/price/"))
        else:
            self._problem(404, "Nothing here", f"There is no {path}.")

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        if length > LONGEST_BODY:
            self.close_connection = True
            self._problem(413, "Too long", f"At most {LONGEST_BODY} bytes.")
            return
        self.rfile.read(length)
        if self.path != "/reload":
            self._problem(404, "Nothing here", f"There is no {self.path}.")
            return
        try:
            self.server.reload()
        except (FeedError, OSError) as wrong:
            self._problem(422, "Feed refused", f"{wrong}. Prices are still made from the one before.")
            return
        self._answer(200, {"market": self.server.desk.market.at.isoformat()})

    def _price(self, isin: str):
        answer = self.server.desk.price(isin)
        if answer is None:
            self._problem(404, "Unknown bond", f"Nobody knows {isin[:40]}.")
        else:
            self._answer(200, price_json(answer))

    def _book(self) -> dict:
        lines, total = self.server.desk.book()
        return {
            "currency": self.server.desk.settings.currency,
            "total": f"{total}",
            "positions": [line_json(line) for line in lines],
        }

    def _problem(self, status: int, title: str, detail: str):
        self._answer(status, {"title": title, "status": status, "detail": detail}, "application/problem+json")

    def _answer(self, status: int, body: dict, kind: str = "application/json"):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format, *args):
        pass


def price_json(answer: Answer) -> dict:
    bond = answer.market.bonds[answer.isin]
    price = answer.price
    return {
        "isin": bond.isin,
        "name": bond.name,
        "on": answer.market.at.date().isoformat(),
        "clean": f"{price.clean:.6f}",
        "accrued": f"{price.accrued:.6f}",
        "dirty": f"{price.dirty:.6f}",
        "yield": f"{price.yield_:.8f}",
        "from": "quote" if answer.quote else "curve",
    }


def line_json(line: Line) -> dict:
    return {
        "isin": line.position.isin,
        "nominal": line.position.nominal,
        "dirty": f"{line.answer.price.dirty:.6f}",
        "value": f"{line.value}",
    }
