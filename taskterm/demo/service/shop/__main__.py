"""Start the shop, or say which one it is: shop [--version] [--port N]."""

import argparse

from shop import VERSION
from shop.app import make_server


def main() -> None:
    """Serve on the loopback interface until stopped; port 0 takes a free one, and the first line names it."""
    parser = argparse.ArgumentParser(prog="shop", description="A small web shop.")
    parser.add_argument("--version", action="version", version=f"shop {VERSION}")
    parser.add_argument("--port", type=int, default=8080)
    server = make_server(parser.parse_args().port)
    print(f"shop {VERSION} listens on port {server.server_address[1]}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
