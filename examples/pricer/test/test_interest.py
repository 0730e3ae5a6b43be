import unittest
from datetime import date

from pricer.bond import accrued, flows
from pricer.daycount import elapsed, thirty_e_360
from test import smoke, verifies
from test.samples import bond


class WhenInterestAccrues(unittest.TestCase):
    @smoke
    @verifies("PRC-1")
    def test_half_a_year_of_months_of_30_days_is_half_a_coupon(self):
        half = accrued(bond(4.0, 1, "30E/360", "2030-01-31"), date(2023, 7, 31))
        self.assertAlmostEqual(2.0, half, 12)

    @verifies("PRC-1")
    def test_a_month_has_30_days_whatever_its_length(self):
        self.assertEqual(28, thirty_e_360(date(2023, 1, 31), date(2023, 2, 28)))
        self.assertEqual(1, thirty_e_360(date(2023, 1, 31), date(2023, 2, 1)))
        self.assertEqual(360, thirty_e_360(date(2023, 12, 31), date(2024, 12, 31)))

    @verifies("PRC-1")
    def test_actual_days_are_counted_within_the_period_of_the_coupon(self):
        # 15 February to 15 March is 28 days of 365.
        self.assertAlmostEqual(4.0 * 28 / 365, accrued(bond(), date(2023, 3, 15)), 12)

    @verifies("PRC-1")
    def test_a_leap_day_makes_the_period_longer_and_the_day_cheaper(self):
        leap = elapsed("ACT/ACT", date(2023, 9, 1), date(2024, 3, 1), date(2024, 9, 1))
        self.assertAlmostEqual(182 / 366, leap, 12)

    @verifies("PRC-1")
    def test_nothing_has_accrued_on_the_day_of_a_coupon(self):
        self.assertEqual(0, accrued(bond(), date(2023, 2, 15)))

    @verifies("PRC-1")
    def test_a_zero_accrues_nothing(self):
        self.assertEqual(0, accrued(bond(0.0), date(2023, 3, 15)))


class WhenPaymentsAreLaidOut(unittest.TestCase):
    def test_the_last_one_brings_the_nominal(self):
        paid = flows(bond(4.0, 2, "30E/360", "2024-02-15"), date(2023, 3, 15))
        self.assertEqual([2.0, 102.0], [flow.amount for flow in paid])
        self.assertEqual([date(2023, 8, 15), date(2024, 2, 15)], [flow.on for flow in paid])

    def test_the_end_of_a_month_stays_the_end_of_a_month(self):
        paid = flows(bond(4.0, 2, "30E/360", "2024-08-31"), date(2023, 9, 1))
        self.assertEqual([date(2024, 2, 29), date(2024, 8, 31)], [flow.on for flow in paid])

    def test_they_are_whole_periods_apart(self):
        paid = flows(bond(5.0, 2, "30E/360", "2031-05-31"), date(2023, 3, 15))
        self.assertAlmostEqual(75 / 180, paid[0].periods, 12)
        self.assertTrue(all(abs(b.periods - a.periods - 1) < 1e-12 for a, b in zip(paid, paid[1:])))

    def test_a_zero_pays_once(self):
        self.assertEqual([100.0], [flow.amount for flow in flows(bond(0.0), date(2021, 3, 15))])
