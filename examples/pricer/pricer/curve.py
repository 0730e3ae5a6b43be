"""A curve of discount factors."""

import math
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date

DAYS_OF_A_YEAR = 365.0


@dataclass(frozen=True)
class Curve:
    """Zero rates at maturities (years, continuously compounded), in between linear in the logarithm of the factor."""

    on: date
    years: tuple[float, ...]
    rates: tuple[float, ...]

    def discount(self, day: date) -> float:
        """Worth on the curve's day of 1 paid on a later one."""
        return math.exp(-self._exponent((day - self.on).days / DAYS_OF_A_YEAR))

    def factors(self) -> list[float]:
        """At its own points, soonest first."""
        return [math.exp(-rate * years) for years, rate in zip(self.years, self.rates)]

    def _exponent(self, years: float) -> float:
        if years <= self.years[0]:
            return self.rates[0] * years
        if years >= self.years[-1]:
            return self.rates[-1] * years
        right = bisect_left(self.years, years)
        left = right - 1
        share = (years - self.years[left]) / (self.years[right] - self.years[left])
        low = self.rates[left] * self.years[left]
        high = self.rates[right] * self.years[right]
        return low + share * (high - low)
