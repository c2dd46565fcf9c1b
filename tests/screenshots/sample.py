"""A team's Monday for the pictures: a release under way, a mailing, a new colleague; the story, theme by theme.

Only commands that people and supervisors give, through the store, each at its time; `told.py` executes them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from taskterm.store.store import Store
from tests.screenshots import printed
from tests.screenshots.told import Running, Team, Try, at_home, step, task, utc

NOW = datetime(2026, 11, 23, 14, 32, tzinfo=UTC)
NAME = "team.db"


@contextmanager
def sample() -> Iterator[Path]:
    """A home with the team's database in it, as it was on Monday at 14:32; gone at the end."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with at_home(folder):
            tell(Store(str(folder / NAME), create=True, host="kestrel"))
        yield folder


def tell(store: Store) -> None:
    """Everything that happened until NOW, into an empty database."""
    team = Team(store)
    _october(team)
    _release(team)
    _chores(team)
    _onboarding(team)
    _mailing(team)
    _rest(team)
    _release_run(team)
    _mirror_run(team)
    team.play()


PYTEST = [
    step("postgres", "make postgres"),
    step("migrate", "make migrate"),
    step("pytest", "pytest -m integration"),
    step("coverage", "coverage report --fail-under=85"),
    step("stop", "make stop"),
]
SCAN = [step("audit", "pip-audit --strict"), step("bandit", "bandit -r shop")]
IMAGE = [step("base", "make base"), step("build", "docker build -t shop:$VERSION ."), step("push", "make push")]
ONBOARDING = "/srv/workflows/onboarding.toml"
RELEASE = "/srv/workflows/release.toml"
CAMPAIGN = "/srv/workflows/campaign.toml"


def _october(team: Team) -> None:
    """#1 to #10: a colleague who has come, and the last release, from which the durations are known."""
    past = {"status": "done", "created_at": utc("10-05 09:00"), "completed_at": utc("10-12 16:00")}
    team.does(
        "10-05 09:00",
        "dana",
        "create",
        workflow={"name": "onboarding", "params": {"name": "Emil Novak"}, "source": ONBOARDING},
        tasks=[
            task("laptop", "Order laptop for Emil", "ben", **past),
            task("image", "Image the laptop of Emil", "ben", "laptop", **past),
            task("badge", "Badge and desk for Emil Novak", "dana", **past),
            task("plan", "First-week plan for Emil", "chloe", **past),
        ],
    )
    team.does(
        "9 09:00",
        "ana",
        "create",
        workflow={"name": "release", "params": {"version": "2.3.2"}, "source": RELEASE},
        tasks=[
            task("lint", "Lint and types", "ben", steps=[step("ruff", "make lint")]),
            task("unit", "Unit tests", "ben", steps=[step("pytest", "make unit")]),
            task("build", "Build the 2.3.2 wheel", "ben", "lint", "unit", steps=[step("wheel", "make wheel")]),
            task("integration", "Integration tests", "ben", "build", steps=PYTEST),
            task("scan", "Security scan", "ben", "build", steps=SCAN),
            task("web", "Build the web image", "ben", "lint", "unit", steps=IMAGE),
        ],
    )
    run = Running(team, "9 09:30:00", "ana", "release", range(5, 11), workflow_id=2)
    run.part("9 09:30:00", 5, [Try(22)])
    run.part("9 09:30:00", 6, [Try(200)])
    run.part("9 09:33:21", 7, [Try(104)])
    run.part("9 09:33:21", 10, [Try(70)], [Try(402)], [Try(28)])
    run.part("9 09:35:06", 8, [Try(9)], [Try(21)], [Try(335)], [Try(20)], [Try(5)])
    run.part("9 09:35:06", 9, [Try(22)], [Try(108)])
    run.ends("9 09:41:41")


def _release(team: Team) -> None:
    """#11 to #25: the release of today, and what ben added to it by hand."""
    ops = {"tags": ["ops", "release"], "project": "site.release"}
    site = {"tags": ["release"], "project": "site.release"}
    today, tuesday, friday = utc("23 17:00"), utc("24 17:00"), utc("27 17:00")
    deploy = [
        step("drain", "make drain HOST=web1,web2"),
        step("swap", "make swap VERSION=$VERSION"),
        step("warm", "make warm"),
        step("undrain", "make undrain HOST=web1,web2"),
    ]
    upload = [step("check", "twine check dist/*"), step("upload", "twine upload dist/*")]
    team.does(
        "16 09:05",
        "ana",
        "create",
        workflow={"name": "release", "params": {"version": "2.4.0"}, "source": RELEASE},
        tasks=[
            task("freeze", "Freeze the 2.4.0 scope", "ana", **site),
            task("lint", "Lint and types", "ben", "freeze", steps=[step("ruff", "make lint")], **ops),
            task("unit", "Unit tests", "ben", "freeze", steps=[step("pytest", "make unit")], **ops),
            task("build", "Build the 2.4.0 wheel", "ben", "lint", "unit", steps=[step("wheel", "make wheel")], **ops),
            task(
                "integration",
                "Integration tests",
                "ben",
                "build",
                steps=PYTEST,
                priority="H",
                due=today,
                estimate_minutes=6,
                **ops,
            ),
            task("scan", "Security scan", "ben", "build", steps=SCAN, due=today, estimate_minutes=2, **ops),
            task(
                "notes",
                "Write release notes 2.4.0",
                "chloe",
                "freeze",
                priority="H",
                due=today,
                estimate_minutes=240,
                notes="Breaking changes: done.\nNew in the shop: done.\nUpgrade steps for 2.3 users: missing.",
                **site,
            ),
            task(
                "review",
                "Review release notes",
                "ana",
                "notes",
                priority="H",
                due=tuesday,
                estimate_minutes=100,
                **site,
            ),
            task(
                "approve",
                "Approve 2.4.0",
                "ana",
                "integration",
                "scan",
                "review",
                priority="H",
                due=tuesday,
                estimate_minutes=10,
                **site,
            ),
            task("publish", "Publish to PyPI", "ana", "approve", steps=upload, due=tuesday, estimate_minutes=10, **ops),
            task(
                "deploy",
                "Deploy the web shop",
                "ana",
                "approve",
                "web",
                steps=deploy,
                priority="H",
                due=friday,
                estimate_minutes=25,
                **ops,
            ),
            task(
                "smoke",
                "Smoke tests",
                "ana",
                "deploy",
                steps=[step("smoke", "make smoke")],
                due=friday,
                estimate_minutes=10,
                **ops,
            ),
            task("announce", "Announce 2.4.0", "chloe", "publish", "smoke", due=friday, estimate_minutes=30, **site),
            task("web", "Build the web image", "ben", "lint", "unit", steps=IMAGE, due=today, **ops),
        ],
    )
    mirror = [
        step("build html", "make html"),
        step("rsync", "rsync -a --delete build/html/ cdn:/srv/cdn/", retries=2),
        step("purge cache", "make purge"),
    ]
    team.does(
        "16 09:20",
        "ben",
        "add",
        title="Mirror docs to the CDN",
        assignee="ben",
        priority="M",
        due=utc("23 23:59:59"),
        after=[11],
        before=[23],
        steps=mirror,
        estimate_minutes=5,
        **ops,
    )
    team.does("23 09:40", "ana", "done", refs=[11])
    team.does("23 09:41", "ben", "comment", ref=15, text="test_stock is fixed, it may run again")
    team.does("23 11:27", "chloe", "start", refs=[17])
    team.does("23 13:50", "ana", "comment", ref=17, text="I need it by 16:00 to review it today")
    team.does("23 14:05", "chloe", "comment", ref=17, text="The upgrade steps are missing, draft at 15:00")


def _chores(team: Team) -> None:
    """#26 to #32: what came from another program, and the backup of every night."""
    team.does(
        "16 10:00",
        "lena",
        "add",
        title="Nightly backup",
        tags=["ops"],
        assignee="lena",
        project="ops",
        steps=[step("dump", "make dump")],
    )
    for day, seconds in (("20", 121), ("21", 119), ("22", 124), ("23", 123)):
        if day != "20":
            team.does(f"{day} 02:58", "lena", "reopen", refs=[26])
        run = Running(team, f"{day} 03:00:00", "lena", "Nightly backup", [26], task_id=26)
        run.part(f"{day} 03:00:00", 26, [Try(seconds, lines=printed.BACKUP)])
        run.ends(f"{day} 03:02:10")
    past = {"status": "done", "created_at": utc("9-01 09:00"), "completed_at": utc("10-02 12:00"), "project": "mailing"}
    team.does(
        "16 11:00",
        "chloe",
        "create",
        tasks=[
            task("1", "Write the autumn mailing", "chloe", **past),
            task("2", "Legal review, autumn mailing", "lena", "1", **past),
            task("3", "Send the autumn mailing", "chloe", "2", **past),
            task("4", "Measure opens and replies", "dana", "3", **past),
            task("5", "Renew the certificate of the shop", "ben", **past | {"project": "ops"}),
            task("6", "Move the wiki to the new host", "emil", **past | {"project": "ops", "status": "cancelled"}),
        ],
    )


def _onboarding(team: Team) -> None:
    """#33 to #41: a colleague who comes, and small things in between."""
    team.does("16 11:30", "ana", "column_edit", column="doing", limit=5)
    team.does("16 11:31", "ana", "column_edit", column="review", limit=3)
    hr = {"project": "hr"}
    team.does(
        "17 09:10",
        "dana",
        "create",
        workflow={"name": "onboarding", "params": {"name": "佐藤 Yuki"}, "source": ONBOARDING},
        tasks=[
            task("laptop", "Order laptop for Yuki", "ben", priority="M", due=utc("21 12:00"), **hr),
            task("image", "Image the laptop", "ben", "laptop", due=utc("27 17:00"), estimate_minutes=60, **hr),
            task(
                "badge",
                "Badge and desk for 佐藤 Yuki",
                "dana",
                priority="M",
                due=utc("25 12:00"),
                estimate_minutes=60,
                **hr,
            ),
            task("accounts", "Create accounts for Yuki", "ben", steps=[step("accounts", "make accounts")], **hr),
            task("plan", "First-week plan", "emil", due=utc("26 12:00"), estimate_minutes=120, **hr),
        ],
    )
    team.does("17 10:30", "ben", "start", refs=[33])
    team.does("19 11:00", "ben", "move", refs=[33], column="review")
    team.does("20 15:10", "dana", "comment", ref=33, text="Approved; they deliver on Wednesday")
    run = Running(team, "23 09:12:00", "ben", "Create accounts for Yuki", [36], task_id=36)
    run.part("23 09:12:00", 36, [Try(31, lines=printed.ACCOUNTS)])
    run.ends("23 09:12:32")
    for title, who, when in (
        ("Quarterly access review", "lena", "20 10:15"),
        ("Answer the accessibility survey", "dana", "19 16:20"),
        ("Update the imprint", "chloe", "18 09:30"),
        ("Archive the 2.1 docs", "emil", "20 17:05"),
    ):
        team.does("17 15:00", who, "add", title=title, assignee=who)
        team.does(when, who, "done", refs=[title])


def _mailing(team: Team) -> None:
    """#42 to #48: the winter mailing."""
    winter = {"project": "mailing", "tags": ["winter"]}
    team.does(
        "18 09:00",
        "chloe",
        "create",
        workflow={"name": "campaign", "params": {"season": "winter"}, "source": CAMPAIGN},
        tasks=[
            task("write", "Write the winter mailing", "chloe", due=utc("25 12:00"), estimate_minutes=240, **winter),
            task(
                "list",
                "Build the mailing list",
                "ben",
                steps=[step("recipients", "make recipients")],
                **winter,
            ),
            task("legal", "Legal review, winter mailing", "lena", priority="H", due=utc("22 12:00"), **winter),
            task("photos", "Choose the photos", "chloe", **winter),
            task(
                "schedule",
                "Schedule the winter mailing",
                "chloe",
                "write",
                "list",
                "legal",
                priority="H",
                due=utc("30 12:00"),
                estimate_minutes=30,
                **winter,
            ),
            task(
                "send",
                "Send the winter mailing",
                "chloe",
                "schedule",
                "photos",
                due=utc("12-01 09:00"),
                estimate_minutes=10,
                **winter,
            ),
            task(
                "measure",
                "Measure opens and replies",
                "dana",
                wait=utc("12-03 09:00"),
                due=utc("12-04 12:00"),
                **winter,
            ),
        ],
    )
    team.does("20 14:10", "chloe", "done", refs=[45])
    team.does("22 13:20", "chloe", "start", refs=[42])
    team.does("23 10:20", "chloe", "move", refs=[42], column="review")
    run = Running(team, "23 10:40:00", "ben", "Build the mailing list", [43], task_id=43)
    run.part("23 10:40:00", 43, [Try(9, lines=printed.RECIPIENTS)])
    run.ends("23 10:40:09")


def _rest(team: Team) -> None:
    """#49 to #52, and a run that waits because somebody edited a command."""
    rotate = [
        step("new key", "gpg --batch --quick-gen-key backup@shop.example ed25519"),
        step("re-encrypt", "./rotate.sh --all", cwd="/srv/backup", env={"VAULT": "vault1.shop.example"}),
        step("retire", "gpg --batch --yes --delete-secret-keys backup-2026-05", condition="./rotate.sh --verify"),
    ]
    team.does("19 09:30", "ben", "add", title="Upgrade Postgres on staging", assignee="ben", project="ops")
    team.does("19 09:31", "ben", "add", title="Fix the flaky stock test", assignee="ben", project="site")
    team.does(
        "19 14:00",
        "ana",
        "add",
        title="Rotate the backup keys",
        assignee="ana",
        due=utc("30 12:00"),
        project="ops",
        tags=["ops"],
        steps=rotate,
    )
    team.does("20 11:00", "emil", "add", title="Tidy the staging bucket", priority="L", estimate_minutes=30)
    team.does("20 16:30", "ben", "done", refs=[49])
    team.does("23 09:39", "ben", "done", refs=[50])
    run = Running(team, "23 13:40:00", "ana", "Rotate the backup keys", [51], task_id=51)

    def edited(now: datetime) -> None:
        with team.store.read() as reader:
            found = reader.steps(51)[1].id
        new = {"run": "./rotate.sh --all --shred", "trusts": ["rotate.sh"]}
        team.now(now, "ben", "step_edit", step_id=found, set=new)

    team.at("23 13:40:01", edited)
    run.holds("23 13:40:02", 51, "untrusted", "“re-encrypt” is not approved on this machine")
    run.waits("23 13:40:03")


def _release_run(team: Team) -> None:
    """Three of its tasks run side by side at 14:32."""
    run = Running(team, "23 14:22:47", "ana", "release", range(12, 25), workflow_id=3)
    run.part("23 14:22:47", 12, [Try(21, lines=printed.RUFF)])
    run.part("23 14:22:47", 13, [Try(192, lines=printed.UNIT)])
    run.part("23 14:26:00", 24, [Try(72, lines=printed.BASE)], [Try(None, lines=printed.IMAGE)])
    run.part("23 14:26:01", 14, [Try(107, lines=printed.WHEEL)])
    run.part(
        "23 14:27:48",
        15,
        [Try(9, lines=printed.POSTGRES)],
        [Try(22, lines=printed.MIGRATE)],
        [Try(None, lines=printed.INTEGRATION)],
    )

    def stricter(now: datetime) -> None:
        with team.store.read() as reader:
            found = reader.steps(16)[1].id
        team.now(now, "ben", "step_edit", step_id=found, set={"run": "bandit -r shop --severity-level low"})

    team.at("23 14:26:40", stricter)
    run.holds("23 14:27:48", 16, "untrusted", "“bandit” is not approved on this machine")
    run.holds("23 14:31:11", 16, "planned")
    run.part("23 14:31:12", 16, [Try(20, lines=printed.AUDIT)], [Try(None, lines=printed.BANDIT)])


def _mirror_run(team: Team) -> None:
    """Failed three times, twelve minutes ago."""
    run = Running(team, "23 14:19:17", "ben", "Mirror docs to the CDN", [25], task_id=25)
    tries = [Try(seconds, 23, printed.rsync(seconds)) for seconds in (6, 6, 7)]
    run.part("23 14:19:17", 25, [Try(18, lines=printed.DOCS)], tries)
    run.ends("23 14:19:54")
