import dataclasses
import unittest

from pricer import invariants
from test import smoke, verifies
from test.samples import ANNUAL, BOOK, CURVE, HALF_YEARLY, QUOTES, UNQUOTED, ZERO, Feeds, Running


class AtTheDesk(unittest.TestCase):
    def setUp(self):
        self.feeds = Feeds()
        self.addCleanup(self.feeds.close)
        self.pricer = Running(self.feeds)
        self.addCleanup(self.pricer.close)


class WhenAPriceIsAskedFor(AtTheDesk):
    @smoke
    @verifies("PRC-6")
    def test_it_comes_with_its_parts_and_where_it_is_from(self):
        status, price = self.pricer.ask(f"/price/{HALF_YEARLY}")
        self.assertEqual(200, status)
        self.assertEqual("104.250000", price["clean"])
        self.assertEqual("1.458333", price["accrued"])
        self.assertEqual("105.708333", price["dirty"])
        self.assertEqual("quote", price["from"])

    @verifies("PRC-6")
    def test_a_stale_quote_is_not_where_it_is_from(self):
        self.assertEqual("curve", self.pricer.ask(f"/price/{ZERO}")[1]["from"])

    @verifies("PRC-6")
    def test_a_bond_that_nobody_knows_is_named(self):
        status, problem = self.pricer.ask("/price/US0378331005")
        self.assertEqual((404, "Unknown bond"), (status, problem["title"]))
        self.assertIn("US0378331005", problem["detail"])

    def test_elsewhere_there_is_nothing(self):
        self.assertEqual(404, self.pricer.ask("/prices")[0])
        self.assertEqual(404, self.pricer.ask("/price", b"")[0])


class WhenTheBookIsAskedFor(AtTheDesk):
    @smoke
    @verifies("PRC-7")
    def test_its_positions_sum_to_its_total(self):
        status, book = self.pricer.ask("/book")
        self.assertEqual(200, status)
        cents = [round(float(line["value"]) * 100) for line in book["positions"]]
        self.assertEqual(len(BOOK), len(cents))
        self.assertEqual(round(float(book["total"]) * 100), sum(cents))

    @verifies("PRC-7")
    def test_what_is_owed_counts_against_it(self):
        lines = {line["isin"]: float(line["value"]) for line in self.pricer.ask("/book")[1]["positions"]}
        self.assertLess(lines[HALF_YEARLY], 0)
        self.assertGreater(lines[UNQUOTED], 0)


class WhenFeedsAreReloaded(AtTheDesk):
    @verifies("PRC-4")
    def test_prices_are_made_from_the_new_ones(self):
        self.feeds.write("quotes.csv", QUOTES.replace("100.20;100.30", "101.20;101.30"))
        self.assertEqual(200, self.pricer.ask("/reload", b"")[0])
        self.assertEqual("101.250000", self.pricer.ask(f"/price/{ANNUAL}")[1]["clean"])

    @verifies("PRC-4")
    def test_a_damaged_one_is_refused_and_the_old_one_stays(self):
        self.feeds.write("curve.xml", CURVE[:200])
        status, problem = self.pricer.ask("/reload", b"")
        self.assertEqual(422, status)
        self.assertIn("curve.xml", problem["detail"])
        self.assertEqual(200, self.pricer.ask(f"/price/{UNQUOTED}")[0])


class WhenItIsWatched(AtTheDesk):
    @smoke
    def test_it_is_healthy_and_says_who_it_is(self):
        self.assertEqual(200, self.pricer.ask("/health")[0])
        self.assertEqual("pricer-test", self.pricer.ask("/version")[1]["mark"])

    @verifies("PRC-8")
    def test_its_invariants_hold(self):
        for isin in (ANNUAL, HALF_YEARLY, UNQUOTED):
            self.pricer.ask(f"/price/{isin}")
        self.pricer.ask("/book")
        said = self.pricer.ask("/invariants")[1]["invariants"]
        self.assertEqual(5, len(said))
        self.assertTrue(all(one["ok"] for one in said), said)


class WhenSomethingIsBroken(unittest.TestCase):
    def setUp(self):
        self.feeds = Feeds()
        self.addCleanup(self.feeds.close)
        self.desk = self.feeds.desk()

    def broken(self):
        return {one["name"]: one["broken"] for one in invariants.check(self.desk) if not one["ok"]}

    @verifies("PRC-8")
    def test_a_yield_that_does_not_reprice_is_found(self):
        given = self.desk.price(ANNUAL)
        wrong = dataclasses.replace(given.price, yield_=given.price.yield_ + 0.0001)
        self.desk.given.append(dataclasses.replace(given, price=wrong))
        self.assertEqual({"yields-reprice": f"1 times, such as {ANNUAL}"}, self.broken())

    @verifies("PRC-8")
    def test_a_stale_quote_is_found(self):
        given = self.desk.price(ANNUAL)
        stale = self.desk.market.quotes[ZERO]
        self.desk.given.append(dataclasses.replace(given, quote=stale))
        self.assertEqual(["no-stale-quote-used"], list(self.broken()))

    @verifies("PRC-8")
    def test_a_curve_on_which_later_money_is_dearer_is_found(self):
        self.feeds.write("curve.xml", CURVE.replace("2.80", "0.10"))
        self.desk.market = self.feeds.load()
        self.assertEqual({"discount-factors-fall": "1 times, such as point 3"}, self.broken())

    @verifies("PRC-8")
    def test_a_total_that_is_not_the_sum_is_found(self):
        lines, total = self.desk.book()
        self.desk.totals.append((lines, total + 1))
        self.assertEqual(["positions-sum-to-total"], list(self.broken()))
