"""Price from yield, yield from price, price from a curve. Prices are per 100 nominal."""

from dataclasses import dataclass
from datetime import date

from pricer.bond import Bond, Flow, accrued, flows
from pricer.curve import Curve

LOWEST_YIELD = -0.5
HIGHEST_YIELD = 10.0
PRECISION = 1e-12


class NoYieldError(ArithmeticError):
    """No yield between the lowest and the highest gives the price."""


@dataclass(frozen=True)
class Price:
    """All rates as shares of one a year: 0.05 is five per cent."""

    clean: float
    accrued: float
    dirty: float
    yield_: float


def dirty_at(cash: list[Flow], frequency: int, yield_: float) -> float:
    """Dirty price of flows at a yield that is compounded as often as coupons are paid."""
    growth = 1 + yield_ / frequency
    return sum(flow.amount * growth**-flow.periods for flow in cash)


def yield_of(cash: list[Flow], frequency: int, dirty: float) -> float:
    """The yield at which flows are worth a price: the bracket is halved until it is narrower than 1e-12."""
    low, high = LOWEST_YIELD, HIGHEST_YIELD
    if not dirty_at(cash, frequency, high) <= dirty <= dirty_at(cash, frequency, low):
        raise NoYieldError(f"no yield from {low:.0%} to {high:.0%} gives a price of {dirty:.6f}")
    while high - low > PRECISION:
        middle = (low + high) / 2
        if dirty_at(cash, frequency, middle) > dirty:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def from_clean(bond: Bond, on: date, clean: float) -> Price:
    interest = accrued(bond, on)
    dirty = clean + interest
    return Price(clean, interest, dirty, yield_of(flows(bond, on), bond.frequency, dirty))


def from_curve(bond: Bond, curve: Curve) -> Price:
    cash = flows(bond, curve.on)
    dirty = sum(flow.amount * curve.discount(flow.on) for flow in cash)
    interest = accrued(bond, curve.on)
    return Price(dirty - interest, interest, dirty, yield_of(cash, bond.frequency, dirty))
