"""What the programs of the sample print: (milliseconds since the attempt began, line), as they would print it."""

from __future__ import annotations

Lines = list[tuple[int, str]]

GREEN, YELLOW, CYAN, RED, BOLD, PLAIN = (f"\x1b[{code}m" for code in ("32", "33", "36", "31", "1", "0"))


def spread(seconds: float, *lines: str) -> Lines:
    """The lines in even steps over so many seconds."""
    return [(int((number + 1) * seconds * 1000 / (len(lines) + 1)), line) for number, line in enumerate(lines)]


def _tests(at: float, name: str, results: str, percent: int | None) -> tuple[int, str]:
    """A file of tests as pytest reports it on a terminal of 80 columns."""
    shown = results.replace("s", f"{YELLOW}s{GREEN}").replace("x", f"{YELLOW}x{GREEN}")
    fill = " " * (80 - len(name) - 1 - len(results) - 6)
    end = f"{PLAIN}{fill}{GREEN} [{percent:>3}%]{PLAIN}" if percent is not None else "…"
    return int(at * 1000), f"{name} {GREEN}{shown}{end}"


POSTGRES = spread(9, "starting postgres 17.2 on port 55432", "database system is ready to accept connections")
MIGRATE = spread(
    22,
    "shop.migrate  0041_orders_by_customer ... ok",
    "shop.migrate  0042_stock_reservations ... ok",
    "shop.migrate  0043_refund_reasons ... ok",
    "shop.migrate  loaded 12,480 orders, 3,911 customers",
)
INTEGRATION: Lines = [
    (900, f"{BOLD}============================= test session starts =============================={PLAIN}"),
    (1000, "platform linux -- Python 3.13.1, pytest-8.4.2, pluggy-1.6.0"),
    (1400, "collected 418 items"),
    (1400, ""),
    _tests(38, "tests/test_accounts.py", "." * 31, 7),
    _tests(71, "tests/test_addresses.py", "." * 22, 13),
    _tests(124, "tests/test_api.py", "." * 44, 28),
    _tests(178, "tests/test_auth.py", "." * 27, 41),
    _tests(190, "tests/test_basket.py", "." * 16, 46),
    _tests(201, "tests/test_cart.py", "." * 28, 52),
    _tests(204, "tests/test_checkout.py", "." * 18, 55),
    _tests(209, "tests/test_orders.py", "." * 24, 58),
    _tests(213, "tests/test_refunds.py", "." * 14, 61),
    _tests(215, "tests/test_stock.py", "......s....x....", 64),
    (217000, f"{YELLOW}WARNING{PLAIN} shop.db    slow call 2.1 s: GET /stock/export?format=csv"),
    (218000, f"{YELLOW}WARNING{PLAIN} shop.db    retry 1 of 3, pool exhausted (size 5)"),
    (219000, f"{CYAN}INFO{PLAIN}    shop.mail  delivered 40 of 40 to the sandbox"),
    _tests(221, "tests/test_subscriptions.py", ".....", None),
]
AUDIT = spread(
    20,
    "Collecting shop 2.4.0 with 61 dependencies",
    "Checked 61 packages against the advisory database of 23 Nov",
    f"{GREEN}No known vulnerabilities found{PLAIN}",
)
BANDIT: Lines = [
    (600, f"{CYAN}[main]{PLAIN}  INFO    profile include tests: None"),
    (700, f"{CYAN}[main]{PLAIN}  INFO    running on Python 3.13.1"),
    (9000, f"{CYAN}[scan]{PLAIN}  INFO    shop/cart.py      clean"),
    (14000, f"{CYAN}[scan]{PLAIN}  INFO    shop/checkout.py  clean"),
    (21000, f"{YELLOW}[scan]{PLAIN}  LOW     shop/export.py:88  B404 import of subprocess"),
    (26000, f"{CYAN}[scan]{PLAIN}  INFO    shop/mail.py      clean"),
    (28000, "…"),
]
BANDIT[-1] = (28000, f"{CYAN}[scan]{PLAIN}  INFO    shop/orders.py …")
BASE = spread(72, "#1 load build definition from Dockerfile", "#2 FROM python:3.13-slim", "#2 resolved, 51.8 MB")
IMAGE: Lines = [
    (400, f"{CYAN}#5{PLAIN} [web 1/6] COPY requirements.lock ."),
    (2100, f"{CYAN}#6{PLAIN} [web 2/6] RUN pip install --no-deps -r requirements.lock"),
    (187000, f"{CYAN}#6{PLAIN} DONE 184.9s"),
    (188000, f"{CYAN}#7{PLAIN} [web 3/6] COPY shop/ shop/"),
    (189000, f"{CYAN}#8{PLAIN} [web 4/6] RUN python -m shop.assets"),
    (214000, f"{CYAN}#8{PLAIN} 96 files, 4.2 MB, 61 % smaller than in 2.3.2"),
    (241000, f"{CYAN}#8{PLAIN} DONE 51.7s"),
    (243000, f"{CYAN}#9{PLAIN} [web 5/6] RUN python -m compileall -q shop"),
    (279000, f"{CYAN}#9{PLAIN} DONE 36.2s"),
    (288000, f"{CYAN}#10{PLAIN} [web 6/6] RUN python -m shop --self-test …"),
]
DOCS = spread(18, "building html: 208 pages", "writing search index", "build/html: 208 pages, 31 MB")
CHAPTERS = ("accounts", "addresses", "basket", "checkout", "discounts", "export", "mail", "orders", "refunds", "search")
PAGES = ("index", "settings", "examples", "errors", "events", "limits", "changes", "questions")


def rsync(seconds: float) -> Lines:
    """One try to copy the pages; the disk at the other end is full before the last chapter."""
    told = ["rsync -a --delete build/html/ cdn:/srv/cdn/", "sending incremental file list"]
    for part in ("admin", "api"):
        for chapter in CHAPTERS:
            for page in PAGES:
                told.append(f"{part}/{chapter}/{page}.html")
    for number, page in enumerate(PAGES[:6]):
        told += [f"guide/search/{page}.html", f"guide/stock/{page}.html"]
        name = f"/srv/cdn/stock/.{page}.html.Qd7{number}"
        told.append(f'rsync: mkstemp "{name}" failed: No space left on device (28)')
    told += [f"img/stock-{number}.png" for number in range(1, 12)]
    told += [
        "",
        "sent 28,114,902 bytes  received 4,020 bytes  4,016,988 bytes/sec",
        "total size is 32,505,856  speedup is 1.16",
        "rsync error: some files could not be transferred (code 23) at main.c(1338)",
    ]
    return spread(seconds, *told)


RUFF = spread(21, "All checks passed!", "Success: no issues found in 47 source files")
UNIT = spread(192, "1,204 passed, 3 skipped in 190.41s (0:03:10)")
WHEEL = spread(107, "* Building wheel from sdist", "Successfully built shop-2.4.0-py3-none-any.whl")
BACKUP = spread(120, "dumping shop: 1.8 GB", "checking the dump", "kept 30, removed 1")
ACCOUNTS = spread(31, "yuki.sato: mailbox", "yuki.sato: groups dev, shop", "yuki.sato: single sign-on")
RECIPIENTS = spread(9, "3,911 customers, 212 unsubscribed, 3,699 on the list")
