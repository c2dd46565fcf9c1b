"""The cart: sums, delivery, gift cards, ordering."""

from shop.cart import Cart, money
from shop.stock import SoldOut, Stock

from shop_tests import ShopTest


class CartTest(ShopTest):
    def test_an_empty_cart_costs_nothing(self) -> None:
        self.assertEqual(Cart().total(), 0)

    def test_counts_of_one_article_add_up(self) -> None:
        cart = Cart()
        cart.add("cup")
        cart.add("cup", 2)
        self.assertEqual(cart.lines, {"cup": 3})

    def test_a_small_order_pays_for_delivery(self) -> None:
        cart = Cart()
        cart.add("cup")
        self.assertEqual(cart.total(), 690 + 490)

    def test_a_large_order_is_delivered_for_nothing(self) -> None:
        cart = Cart()
        cart.add("teapot", 3)
        self.assertEqual(cart.delivery(), 0)

    def test_a_gift_card_pays_a_part(self) -> None:
        cart = Cart()
        cart.add("teapot", 3)
        self.assertEqual(cart.total(gift_card=1000), 6350)

    def test_a_gift_card_never_pays_out(self) -> None:
        cart = Cart()
        cart.add("honey")
        self.assertEqual(cart.total(gift_card=99999), 0)

    def test_an_unknown_article_is_refused(self) -> None:
        with self.assertRaises(KeyError):
            Cart().add("dragon")

    def test_less_than_one_is_refused(self) -> None:
        with self.assertRaises(ValueError):
            Cart().add("cup", 0)

    def test_an_order_takes_from_the_stock(self) -> None:
        cart, stock = Cart(), Stock({"cup": 5})
        cart.add("cup", 2)
        cart.order(stock)
        self.assertEqual(stock.count("cup"), 3)

    def test_an_order_that_is_too_large_takes_nothing(self) -> None:
        cart, stock = Cart(), Stock({"cup": 5, "tray": 0})
        cart.add("cup", 2)
        cart.add("tray")
        with self.assertRaises(SoldOut):
            cart.order(stock)
        self.assertEqual(stock.count("cup"), 5)

    def test_money_is_written_with_two_decimals(self) -> None:
        self.assertEqual(money(123405), "1,234.05")
