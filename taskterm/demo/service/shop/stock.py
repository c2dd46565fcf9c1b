"""How many of each article lie on the shelf."""

import threading
from collections.abc import Mapping


class SoldOut(Exception):
    """There is not enough of an article; its name is the argument."""


class Stock:
    """Counts of articles, safe to use from several threads."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = dict(counts)
        self._lock = threading.Lock()

    def count(self, article: str) -> int:
        """How many there are; 0 for an article nobody knows."""
        return self._counts.get(article, 0)

    def take(self, wanted: Mapping[str, int]) -> None:
        """Take all of `wanted`, or raise SoldOut and take nothing."""
        with self._lock:
            for article, count in wanted.items():
                if self.count(article) < count:
                    raise SoldOut(article)
            for article, count in wanted.items():
                self._counts[article] -= count

    def refill(self, article: str, count: int) -> None:
        """Put `count` more of an article on the shelf."""
        with self._lock:
            self._counts[article] = self.count(article) + count
