"""What somebody is about to buy. Prices are whole cents, so that sums are exact."""

from shop.stock import Stock

CATALOGUE = {"teapot": 2450, "cup": 690, "tray": 1200, "honey": 575}
FREE_DELIVERY_FROM = 5000
DELIVERY = 490


class Cart:
    """Articles and how many of each."""

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}

    def add(self, article: str, count: int = 1) -> None:
        """Put `count` more of `article` into the cart; KeyError for what the shop does not sell."""
        if article not in CATALOGUE:
            raise KeyError(article)
        if count < 1:
            raise ValueError("at least one article, please")
        self.lines[article] = self.lines.get(article, 0) + count

    def goods(self) -> int:
        """The sum of the articles in cents."""
        return sum(CATALOGUE[article] * count for article, count in self.lines.items())

    def delivery(self) -> int:
        """What the parcel costs in cents: nothing for an empty cart and from 50.00 on."""
        return 0 if not self.lines or self.goods() >= FREE_DELIVERY_FROM else DELIVERY

    def total(self, gift_card: int = 0) -> int:
        """What is to be paid in cents after a gift card of that many cents; never less than nothing."""
        return max(0, self.goods() + self.delivery() - gift_card)

    def order(self, stock: Stock) -> int:
        """Take everything from the stock, or nothing at all; answer the sum to be paid in cents."""
        stock.take(self.lines)
        return self.total()


def money(cents: int) -> str:
    """Cents as people read them: 123456 is `1,234.56`."""
    return f"{cents // 100:,}.{cents % 100:02}"
