"""Small feeds, and a pricer that runs on them."""

import json
import tempfile
import threading
import urllib.error
import urllib.request
from datetime import date, timedelta
from pathlib import Path

from pricer.bond import Bond
from pricer.desk import Desk
from pricer.market import Settings, load
from pricer.server import Server

ANNUAL, HALF_YEARLY, ZERO, UNQUOTED = "ZZ0000010775", "ZZ0000011146", "ZZ0000011518", "ZZ0000011880"

BONDS = [
    {"isin": ANNUAL, "name": "Annual", "currency": "EUR", "coupon": "4", "frequency": 1, "convention": "ACT/ACT",
     "maturity": "2024-02-15"},
    {"isin": HALF_YEARLY, "name": "Half-yearly", "currency": "EUR", "coupon": "5", "frequency": 2,
     "convention": "30E/360", "maturity": "2031-05-31"},
    {"isin": ZERO, "name": "Zero", "currency": "EUR", "coupon": "0", "frequency": 1, "convention": "ACT/ACT",
     "maturity": "2024-01-31"},
    {"isin": UNQUOTED, "name": "Unquoted", "currency": "EUR", "coupon": "3", "frequency": 1, "convention": "30E/360",
     "maturity": "2028-03-15"},
]  # fmt: skip

BOOK = [
    {"isin": ANNUAL, "nominal": 1_000_000},
    {"isin": HALF_YEARLY, "nominal": -250_000},
    {"isin": UNQUOTED, "nominal": 333_000},
]

QUOTES = f"""isin;bid;ask;at;good_until
{ANNUAL};100.20;100.30;2023-03-15T16:20:00+00:00;2023-03-15T17:20:00+00:00
{HALF_YEARLY};104.00;104.50;2023-03-15T16:25:00+00:00;2023-03-15T17:25:00+00:00
{ZERO};97.10;97.20;2023-03-15T14:00:00+00:00;2023-03-15T15:00:00+00:00
"""

CURVE = """<?xml version="1.0" encoding="utf-8"?>
<curve name="test" at="2023-03-15T16:30:00+00:00">
  <point years="0.5" rate="3.00"/>
  <point years="1" rate="3.10"/>
  <point years="5" rate="2.80"/>
  <point years="10" rate="2.90"/>
</curve>
"""

SETTINGS = Settings(grace=timedelta(0), currency="EUR")


def bond(coupon=4.0, frequency=1, convention="ACT/ACT", maturity="2024-02-15"):
    return Bond(ANNUAL, "A bond", "EUR", coupon, frequency, convention, date.fromisoformat(maturity))


class Feeds:
    """A folder with feeds, gone when closed."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory()
        self.path = Path(self._folder.name)
        self.write("bonds.json", json.dumps(BONDS))
        self.write("book.json", json.dumps(BOOK))
        self.write("quotes.csv", QUOTES)
        self.write("curve.xml", CURVE)

    def write(self, name, text):
        (self.path / name).write_text(text, "utf-8")

    def load(self):
        return load(self.path)

    def desk(self, settings=SETTINGS):
        return Desk(self.load(), settings)

    def close(self):
        self._folder.cleanup()


class Running:
    """A pricer at a free port."""

    def __init__(self, feeds):
        self._server = Server(0, "pricer-test", feeds.desk(), feeds.load)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def ask(self, path, body=None):
        """Status and answer; POST where there is a body."""
        url = f"http://127.0.0.1:{self._server.server_port}{path}"
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(urllib.request.Request(url, data=body), timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
