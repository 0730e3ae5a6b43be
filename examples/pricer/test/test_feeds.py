import unittest

from pricer.feeds import FeedError, check_isin
from test import smoke, verifies
from test.samples import ANNUAL, CURVE, QUOTES, UNQUOTED, Feeds


class WithFeeds(unittest.TestCase):
    def setUp(self):
        self.feeds = Feeds()
        self.addCleanup(self.feeds.close)


class WhenFeedsAreRead(WithFeeds):
    @smoke
    @verifies("PRC-4")
    def test_quotes_and_curve_become_one_market(self):
        market = self.feeds.load()
        self.assertAlmostEqual(100.25, market.quotes[ANNUAL].mid)
        self.assertAlmostEqual(0.031, market.curve.rates[1])
        self.assertEqual("2023-03-15T16:30:00+00:00", market.at.isoformat())

    @verifies("PRC-4")
    def test_what_is_wrong_is_named_with_its_file_and_place(self):
        for name, text, said in (
            ("quotes.csv", QUOTES.replace("100.20", "1e999"), "quotes.csv, line 2: '1e999' is no finite number"),
            ("quotes.csv", QUOTES.replace("100.20", "100.40"), "quotes.csv, line 2: bid 100.4 and ask 100.3"),
            ("quotes.csv", QUOTES.replace(ANNUAL, "ZZ0000010774"), "quotes.csv, line 2: the check digit"),
            ("quotes.csv", QUOTES.replace(";ask", ""), "quotes.csv, line 1: accepted: isin;bid;ask"),
            ("quotes.csv", QUOTES + QUOTES.splitlines()[1], "quotes.csv, line 5: .* is quoted twice"),
            ("curve.xml", CURVE.replace("3.10", "high"), "curve.xml, point 2: "),
            ("curve.xml", CURVE.replace('"5"', '"0.7"'), "curve.xml: accepted: two points or more, with rising years"),
            ("curve.xml", CURVE.replace("</curve>", ""), "curve.xml: no element found: line 8"),
            ("curve.xml", CURVE.replace("<curve", "<!DOCTYPE x>\n<curve"), "curve.xml: a document type"),
            ("bonds.json", "[{]", "bonds.json, line 1: "),
            ("book.json", '[{"isin": "ZZ9", "nominal": 1}]', "book.json: nobody knows ZZ9"),
        ):
            with self.subTest(said=said):
                feeds = Feeds()
                self.addCleanup(feeds.close)
                feeds.write(name, text)
                self.assertRaisesRegex(FeedError, said, feeds.load)

    def test_an_isin_has_a_check_digit(self):
        self.assertEqual("US0378331005", check_isin("US0378331005"))
        self.assertRaises(ValueError, check_isin, "US0378331006")
        self.assertRaises(ValueError, check_isin, "us0378331005")


class WhenAQuoteIsNotGoodAnyMore(WithFeeds):
    @verifies("PRC-5")
    def test_the_curve_gives_the_price(self):
        self.feeds.write("quotes.csv", QUOTES.replace("T17:20", "T16:29"))
        self.assertIsNone(self.feeds.desk().price(ANNUAL).quote)

    @verifies("PRC-5")
    def test_until_the_very_minute_it_is(self):
        self.feeds.write("quotes.csv", QUOTES.replace("T17:20", "T16:30"))
        self.assertIsNotNone(self.feeds.desk().price(ANNUAL).quote)

    @verifies("PRC-5")
    def test_a_bond_without_a_quote_has_a_price_from_the_curve(self):
        self.assertIsNone(self.feeds.desk().price(UNQUOTED).quote)
