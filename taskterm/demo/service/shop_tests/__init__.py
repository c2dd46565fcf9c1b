"""The unit tests of the shop: python -m unittest discover -v -s shop_tests -t ."""

import unittest

from pace import pause


class ShopTest(unittest.TestCase):
    """A test case that can be followed by eye when $PACE asks for it."""

    def setUp(self) -> None:
        pause(0.35)
