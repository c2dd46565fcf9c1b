"""The stock: counting, refilling, and two people who want the last copy."""

import threading

from shop.stock import SoldOut, Stock

from shop_tests import ShopTest


class StockTest(ShopTest):
    def test_what_nobody_knows_is_not_there(self) -> None:
        self.assertEqual(Stock({}).count("cup"), 0)

    def test_taking_lowers_the_count(self) -> None:
        stock = Stock({"cup": 3})
        stock.take({"cup": 2})
        self.assertEqual(stock.count("cup"), 1)

    def test_refilling_raises_the_count(self) -> None:
        stock = Stock({"cup": 3})
        stock.refill("cup", 4)
        self.assertEqual(stock.count("cup"), 7)

    def test_more_than_there_is_cannot_be_taken(self) -> None:
        with self.assertRaises(SoldOut):
            Stock({"cup": 1}).take({"cup": 2})

    def test_only_one_of_many_gets_the_last_copy(self) -> None:
        stock, lucky = Stock({"cup": 1}), []

        def buy(number: int) -> None:
            try:
                stock.take({"cup": 1})
                lucky.append(number)
            except SoldOut:
                pass

        threads = [threading.Thread(target=buy, args=(i,)) for i in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((len(lucky), stock.count("cup")), (1, 0))
