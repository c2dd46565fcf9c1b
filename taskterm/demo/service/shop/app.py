"""The HTTP face of the shop: GET /health, GET /articles, POST /orders with {"article": count}."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from shop import VERSION
from shop.cart import CATALOGUE, Cart, money
from shop.stock import SoldOut, Stock


def answer(method: str, path: str, body: bytes, stock: Stock) -> tuple[int, dict[str, Any]]:
    """What the shop says to one request: the HTTP status and an object to be sent as JSON."""
    if (method, path) == ("GET", "/health"):
        return 200, {"status": "ok", "version": VERSION}
    if (method, path) == ("GET", "/articles"):
        return 200, {name: {"price": money(cents), "left": stock.count(name)} for name, cents in CATALOGUE.items()}
    if (method, path) == ("POST", "/orders"):
        return order(body, stock)
    return 404, {"error": "there is nothing here"}


def order(body: bytes, stock: Stock) -> tuple[int, dict[str, Any]]:
    """Buy what the JSON object in `body` names."""
    cart = Cart()
    try:
        for article, count in json.loads(body).items():
            cart.add(article, count)
    except (ValueError, TypeError, AttributeError):
        return 400, {"error": "an order is an object of articles and counts"}
    except KeyError as error:
        return 404, {"error": f"no such article: {error.args[0]}"}
    try:
        return 201, {"total": money(cart.order(stock))}
    except SoldOut as error:
        return 409, {"error": f"sold out: {error.args[0]}"}


def make_server(port: int) -> ThreadingHTTPServer:
    """A server on the loopback interface that has not begun to serve; port 0 takes a free one."""
    stock = Stock(dict.fromkeys(CATALOGUE, 20))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.reply()

        def do_POST(self) -> None:
            self.reply()

        def reply(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            status, content = answer(self.command, self.path, body, stock)
            data = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """Requests are not logged."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
