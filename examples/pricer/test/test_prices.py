import unittest
from datetime import date

from pricer.bond import flows
from pricer.curve import Curve
from pricer.valuation import NoYieldError, dirty_at, from_clean, from_curve, yield_of
from test import smoke, verifies
from test.samples import bond

ON = date(2023, 3, 15)


class WhenAPriceIsTurnedIntoAYield(unittest.TestCase):
    @smoke
    @verifies("PRC-2")
    def test_the_yield_gives_the_price_back(self):
        for clean in (80.0, 100.0, 121.5):
            with self.subTest(clean=clean):
                price = from_clean(bond(), ON, clean)
                self.assertAlmostEqual(price.dirty, dirty_at(flows(bond(), ON), 1, price.yield_), 8)

    @verifies("PRC-2")
    def test_so_it_does_for_long_bonds_with_several_coupons(self):
        long = bond(5.0, 2, "30E/360", "2053-05-31")
        price = from_clean(long, ON, 104.25)
        self.assertAlmostEqual(price.dirty, dirty_at(flows(long, ON), 2, price.yield_), 8)

    @verifies("PRC-2")
    def test_at_par_on_a_coupon_day_it_is_the_coupon(self):
        price = from_clean(bond(4.0, 1, "30E/360", "2033-03-15"), ON, 100.0)
        self.assertAlmostEqual(0.04, price.yield_, 10)

    @verifies("PRC-2")
    def test_it_may_be_negative(self):
        self.assertLess(from_clean(bond(0.0), ON, 100.5).yield_, 0)

    @verifies("PRC-2")
    def test_a_dearer_bond_yields_less(self):
        self.assertLess(from_clean(bond(), ON, 101).yield_, from_clean(bond(), ON, 100).yield_)

    def test_a_price_that_no_yield_gives_is_named(self):
        with self.assertRaisesRegex(NoYieldError, "gives a price of 90000"):
            yield_of(flows(bond(), ON), 1, 90_000.0)


class WhenACurveGivesThePrice(unittest.TestCase):
    flat = Curve(ON, (1.0, 10.0), (0.03, 0.03))

    @verifies("PRC-3")
    def test_a_zero_is_worth_its_discount_factor(self):
        price = from_curve(bond(0.0, maturity="2024-03-14"), self.flat)
        self.assertAlmostEqual(100 * 2.718281828459045**-0.03, price.dirty, 9)

    @verifies("PRC-3")
    def test_clean_is_dirty_without_what_has_accrued(self):
        price = from_curve(bond(), self.flat)
        self.assertAlmostEqual(price.dirty, price.clean + price.accrued, 12)

    @verifies("PRC-3")
    def test_between_two_points_the_factor_lies_between(self):
        curve = Curve(ON, (1.0, 2.0), (0.02, 0.04))
        low, middle, high = (curve.discount(date(2023 + y, m, 14)) for y, m in ((1, 3), (1, 9), (2, 3)))
        self.assertGreater(low, middle)
        self.assertGreater(middle, high)

    @verifies("PRC-3")
    def test_beyond_its_ends_the_rate_stays(self):
        self.assertAlmostEqual(self.flat.discount(date(2053, 3, 7)), 2.718281828459045 ** (-0.03 * 30), 9)
