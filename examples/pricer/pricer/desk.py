"""Answers what is asked: one price, or the whole book."""

from collections import deque
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from pricer.feeds import Position, Quote
from pricer.market import Market, Settings
from pricer.valuation import Price, from_clean, from_curve

CENT = Decimal("0.01")
REMEMBERED = 500


@dataclass(frozen=True)
class Answer:
    """A price that was given, and what it was made from."""

    isin: str
    price: Price
    quote: Quote | None
    market: Market


@dataclass(frozen=True)
class Line:
    position: Position
    answer: Answer
    value: Decimal


class Desk:
    """Remembers the newest prices that it gave, so that they can be checked afterwards."""

    def __init__(self, market: Market, settings: Settings):
        self.market = market
        self.settings = settings
        self.given: deque[Answer] = deque(maxlen=REMEMBERED)
        self.totals: deque[tuple[list[Line], Decimal]] = deque(maxlen=20)

    def price(self, isin: str) -> Answer | None:
        """None where nobody knows the bond."""
        market = self.market
        if isin not in market.bonds:
            return None
        answer = self._value(market, isin)
        self.given.append(answer)
        return answer

    def book(self) -> tuple[list[Line], Decimal]:
        """Every position with its worth, and the worth of all."""
        market = self.market
        lines = [self._line(market, position) for position in market.book]
        total = sum((line.value for line in lines), Decimal(0))
        self.totals.append((lines, total))
        return lines, total

    def _line(self, market: Market, position: Position) -> Line:
        answer = self._value(market, position.isin)
        worth = Decimal(repr(answer.price.dirty)) * position.nominal / 100
        return Line(position, answer, worth.quantize(CENT, ROUND_HALF_UP))

    def _value(self, market: Market, isin: str) -> Answer:
        bond = market.bonds[isin]
        quote = market.usable_quote(isin, self.settings)
        price = from_clean(bond, market.at.date(), quote.mid) if quote else from_curve(bond, market.curve)
        return Answer(isin, price, quote, market)
