"""Bonds and what they pay."""

import calendar
from dataclasses import dataclass
from datetime import date

from pricer.daycount import elapsed

REDEMPTION = 100.0


@dataclass(frozen=True)
class Bond:
    """A bullet bond. The coupon is per cent of nominal a year, 0 for a zero; frequency is payments a year."""

    isin: str
    name: str
    currency: str
    coupon: float
    frequency: int
    convention: str
    maturity: date


@dataclass(frozen=True)
class Flow:
    """A payment per 100 nominal, and how many coupon periods it is away."""

    on: date
    periods: float
    amount: float


def months_before(day: date, months: int) -> date:
    """The same day of the month so many months earlier, or the month's last."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def period_around(bond: Bond, on: date) -> tuple[date, date, int]:
    """The coupon period that a day falls into, and how many coupons come after its end."""
    step = 12 // bond.frequency
    later = 0
    while months_before(bond.maturity, step * (later + 1)) > on:
        later += 1
    return months_before(bond.maturity, step * (later + 1)), months_before(bond.maturity, step * later), later


def flows(bond: Bond, on: date) -> list[Flow]:
    """What is still to be paid after a day, soonest first."""
    start, end, later = period_around(bond, on)
    first = 1 - elapsed(bond.convention, start, on, end)
    step = 12 // bond.frequency
    paid = []
    for n in range(later + 1):
        amount = bond.coupon / bond.frequency + (REDEMPTION if n == later else 0)
        if amount:
            paid.append(Flow(months_before(bond.maturity, step * (later - n)), first + n, amount))
    return paid


def accrued(bond: Bond, on: date) -> float:
    """Interest since the last coupon, per 100 nominal."""
    start, end, _ = period_around(bond, on)
    return bond.coupon / bond.frequency * elapsed(bond.convention, start, on, end)
