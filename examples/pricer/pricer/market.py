"""All that prices are made from, read once and never changed: a reload makes another one."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pricer.bond import Bond
from pricer.curve import Curve
from pricer.feeds import Position, Quote, read_bonds, read_book, read_curve, read_quotes


@dataclass(frozen=True)
class Settings:
    """What may change without code: config/pricer.json."""

    grace: timedelta
    currency: str

    @staticmethod
    def read(path: Path) -> "Settings":
        said = json.loads(path.read_text("utf-8"))
        return Settings(timedelta(minutes=said["graceMinutes"]), said["currency"])


@dataclass(frozen=True)
class Market:
    at: datetime
    curve: Curve
    quotes: dict[str, Quote]
    bonds: dict[str, Bond]
    book: list[Position]

    def usable_quote(self, isin: str, settings: Settings) -> Quote | None:
        """The bond's quote, unless its maker does not stand by it any more."""
        quote = self.quotes.get(isin)
        return quote if quote and self.at <= quote.good_until + settings.grace else None


def load(shipped: Path, delivered: Path | None = None) -> Market:
    """From the files that came with this version; quotes and curve from the other folder where they are delivered."""

    def feed(name: str) -> Path:
        brought = delivered / name if delivered else None
        return brought if brought and brought.is_file() else shipped / name

    bonds = read_bonds(shipped / "bonds.json")
    curve, at = read_curve(feed("curve.xml"))
    return Market(at, curve, read_quotes(feed("quotes.csv")), bonds, read_book(shipped / "book.json", bonds))
