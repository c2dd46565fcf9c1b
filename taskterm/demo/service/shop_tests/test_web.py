"""What the shop answers to requests."""

from shop.app import answer
from shop.stock import Stock

from shop_tests import ShopTest


class WebTest(ShopTest):
    def setUp(self) -> None:
        super().setUp()
        self.stock = Stock({"cup": 2})

    def test_health_names_the_version(self) -> None:
        status, content = answer("GET", "/health", b"", self.stock)
        self.assertEqual((status, sorted(content)), (200, ["status", "version"]))

    def test_articles_have_prices_and_counts(self) -> None:
        _, content = answer("GET", "/articles", b"", self.stock)
        self.assertEqual(content["cup"], {"price": "6.90", "left": 2})

    def test_an_order_answers_its_sum(self) -> None:
        self.assertEqual(answer("POST", "/orders", b'{"cup": 1}', self.stock), (201, {"total": "11.80"}))

    def test_an_order_of_too_many_is_refused(self) -> None:
        self.assertEqual(answer("POST", "/orders", b'{"cup": 3}', self.stock)[0], 409)

    def test_an_order_of_something_else_is_refused(self) -> None:
        self.assertEqual(answer("POST", "/orders", b'{"dragon": 1}', self.stock)[0], 404)

    def test_an_order_that_is_no_object_is_refused(self) -> None:
        self.assertEqual(answer("POST", "/orders", b"[1]", self.stock)[0], 400)

    def test_other_paths_lead_nowhere(self) -> None:
        self.assertEqual(answer("GET", "/admin", b"", self.stock)[0], 404)
