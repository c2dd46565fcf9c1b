"""A small web shop: a catalogue, a cart, a stock, and an HTTP service in front of them."""

try:
    from shop._version import VERSION  # written by the build
except ImportError:
    VERSION = "0.0.0"

__all__ = ["VERSION"]
