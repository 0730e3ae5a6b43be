"""What comes from outside: terms and positions (JSON), quotes (CSV), the curve (XML). Everything is checked."""

import csv
import io
import json
import math
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree

from pricer.bond import Bond
from pricer.curve import Curve
from pricer.daycount import CONVENTIONS

LARGEST_FILE = 4 << 20
COLUMNS = ["isin", "bid", "ask", "at", "good_until"]


class FeedError(ValueError):
    """A feed is not as it must be; the message names the file and the place."""


@dataclass(frozen=True)
class Quote:
    """A clean price from a market maker, who stands by it until a time."""

    isin: str
    bid: float
    ask: float
    at: datetime
    good_until: datetime

    @property
    def mid(self) -> float:
        return (self.bid + self.ask) / 2


@dataclass(frozen=True)
class Position:
    """Nominal in whole units of the bond's currency; negative where it is owed."""

    isin: str
    nominal: int


def read_quotes(path: Path) -> dict[str, Quote]:
    rows = csv.reader(io.StringIO(_text(path)), delimiter=";")
    if next(rows, None) != COLUMNS:
        raise FeedError(f"{path.name}, line 1: accepted: {';'.join(COLUMNS)}")
    quotes: dict[str, Quote] = {}
    for number, row in enumerate(rows, 2):
        where = f"{path.name}, line {number}"
        if len(row) != len(COLUMNS):
            raise FeedError(f"{where}: {len(row)} fields; accepted: {len(COLUMNS)}")
        quote = _reading(where, lambda: _quote(row))
        if quote.isin in quotes:
            raise FeedError(f"{where}: {quote.isin} is quoted twice")
        if not 0 < quote.bid <= quote.ask:
            raise FeedError(f"{where}: bid {quote.bid} and ask {quote.ask}; accepted: 0 < bid <= ask")
        quotes[quote.isin] = quote
    return quotes


def read_curve(path: Path) -> tuple[Curve, datetime]:
    """The curve and the time that it is of."""
    text = _text(path)
    if "<!DOCTYPE" in text:
        raise FeedError(f"{path.name}: a document type is not accepted")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as wrong:
        raise FeedError(f"{path.name}: {wrong}") from wrong
    at = _reading(f"{path.name}, curve", lambda: datetime.fromisoformat(root.attrib["at"]))
    points = [
        _reading(f"{path.name}, point {n}", lambda: (_number(point.attrib["years"]), _number(point.attrib["rate"]) / 100))
        for n, point in enumerate(root.iter("point"), 1)
    ]
    years = [year for year, _ in points]
    if len(points) < 2 or years[0] <= 0 or sorted(set(years)) != years:
        raise FeedError(f"{path.name}: accepted: two points or more, with rising years")
    return Curve(at.date(), tuple(years), tuple(rate for _, rate in points)), at


def read_bonds(path: Path) -> dict[str, Bond]:
    bonds = [_reading(f"{path.name}, bond {n}", lambda: _bond(item)) for n, item in enumerate(_json(path), 1)]
    return {bond.isin: bond for bond in bonds}


def read_book(path: Path, bonds: dict[str, Bond]) -> list[Position]:
    book = [
        _reading(f"{path.name}, position {n}", lambda: Position(item["isin"], int(item["nominal"])))
        for n, item in enumerate(_json(path), 1)
    ]
    for position in book:
        if position.isin not in bonds:
            raise FeedError(f"{path.name}: nobody knows {position.isin}")
    return book


def check_isin(isin: str) -> str:
    """The ISIN, where its check digit fits (ISO 6166: Luhn over its letters as numbers)."""
    if len(isin) != 12 or not isin.isascii() or not isin.isalnum() or isin != isin.upper():
        raise ValueError(f"'{isin}' is no ISIN")
    digits = [int(d) for c in isin for d in str(int(c, 36))]
    doubled = [d if n % 2 == 0 else sum(divmod(2 * d, 10)) for n, d in enumerate(reversed(digits))]
    if sum(doubled) % 10:
        raise ValueError(f"the check digit of '{isin}' is wrong")
    return isin


def _quote(row: list[str]) -> Quote:
    return Quote(
        check_isin(row[0]),
        _number(row[1]),
        _number(row[2]),
        datetime.fromisoformat(row[3]),
        datetime.fromisoformat(row[4]),
    )


def _bond(item: dict) -> Bond:
    bond = Bond(
        check_isin(item["isin"]),
        item["name"],
        item["currency"],
        _number(item["coupon"]),
        int(item["frequency"]),
        item["convention"],
        date.fromisoformat(item["maturity"]),
    )
    if bond.frequency not in (1, 2, 4):
        raise ValueError(f"{bond.frequency} coupons a year; accepted: 1, 2, 4")
    if bond.convention not in CONVENTIONS:
        raise ValueError(f"day count '{bond.convention}'; accepted: {', '.join(CONVENTIONS)}")
    return bond


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"'{text}' is no finite number")
    return number


def _reading(where, read):
    try:
        return read()
    except (ValueError, KeyError, TypeError) as wrong:
        raise FeedError(f"{where}: {wrong}") from wrong


def _json(path: Path) -> list[dict]:
    try:
        items = json.loads(_text(path))
    except json.JSONDecodeError as wrong:
        raise FeedError(f"{path.name}, line {wrong.lineno}: {wrong.msg}") from wrong
    if not isinstance(items, list):
        raise FeedError(f"{path.name}: accepted: a list")
    return items


def _text(path: Path) -> str:
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise FeedError(f"{path.name} has {size} bytes; accepted: up to {LARGEST_FILE}")
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as wrong:
        raise FeedError(f"{path.name}: it is not UTF-8") from wrong
