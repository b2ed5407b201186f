"""A provider that answers nonsense, refuses or is silent: said plainly, and nothing is lost."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from playground.driver import Person
from tests.http_server import Say, Seen
from tests.scenarios.fake_redmine import KEY, RESET, FakeRedmine, fake_redmine
from tests.scenarios.prepared import (
    eventually,
    rows,
    said,
)
from tests.scenarios.running import Installation, installed
from tests.scenarios.story import SLOW
from tests.scenarios.waits import no_report_is_owed

HTML = Say(body="<html><title>Sign in</title>secret-page</html>")
BUSY = Say(429, body="", headers={"Retry-After": "1"})

NO_MORE = "does not accept Hourlink's credentials any more"
AGAIN = "works again"


@pytest.fixture
def redmine() -> Iterator[FakeRedmine]:
    """A Redmine that can be told to fail."""
    with fake_redmine() as made:
        yield made


def connects(ana: Person, redmine: FakeRedmine, key: str, outcome: str) -> None:
    """Fills in the open form and reads what comes of it."""
    ana.fills("Address", redmine.url)
    ana.fills("API access key", key)
    ana.submits()
    ana.sees(outcome, timeout=SLOW)


def told(person: Person, text: str) -> int:
    """How many direct messages say this."""
    return sum(one.holds(text) for one in person.messages("app"))


def report(ana: Person) -> Callable[[str], None]:
    """Asks for a sync; the function given waits for what its report says."""
    before = len(ana.messages("app"))
    ana.types("/link sync", channel="ops")

    def says(text: str) -> None:
        def found() -> bool:
            return any(one.holds(text) for one in ana.messages("app")[before:])

        eventually(found, f"a report that says {text!r}")

    return says


def test_a_connect_form_says_what_is_wrong(
    database_url: str, tmp_path: Path, redmine: FakeRedmine
) -> None:
    """L1: each kind of failure has its sentence, nothing is saved, and the right key connects."""
    with installed(database_url, tmp_path, sync_seconds=600) as installation:
        ana = installation.slack.person("ana")
        ana.types("/link connect redmine", channel="ops")
        for trouble, key, sentence in (
            (None, "f" * 40, "The credentials were not accepted"),
            (Say(401, body=HTML.body), KEY, "The credentials were not accepted"),
            (HTML, KEY, "The answer was not what this tool's API gives"),
            (BUSY, KEY, "asks to wait"),
            (Say(500, body="<html>trace of theirs</html>"), KEY, "did not answer"),
            (RESET, KEY, "did not answer"),
            (Say(404, body=""), KEY, "No Redmine API answers at this address"),
            (Say(302, body="", headers={"Location": "http://127.0.0.1:9/"}), KEY, "Not connected"),
        ):
            redmine.trouble = trouble
            connects(ana, redmine, key, sentence)
            assert ana.modal is not None
            assert ana.modal.holds("Nothing was saved")
            assert "theirs" not in ana.modal.text
            assert key not in ana.modal.text
        assert rows(database_url, "SELECT count(*) FROM integration") == [(0,)]
        redmine.trouble = None
        connects(ana, redmine, KEY, "Connected:")
        ana.sees("Harbour", channel="ops", timeout=SLOW)
        nothing_secret_is_logged(installation, "f" * 40)


class Harbour:
    """A connected Redmine whose project is linked, with a timer on it."""

    def __init__(self, installation: Installation, redmine: FakeRedmine) -> None:
        self.installation = installation
        self.redmine = redmine
        self.ana = installation.slack.person("ana")
        self.cleo = installation.slack.person("cleo")
        installation.slack.slack.changes("cleo", is_admin=True)
        self.cleo.types("/link", channel="ops")  # an admin is known once they came
        self.ana.types("/link connect redmine", channel="ops")
        connects(self.ana, redmine, KEY, "Connected:")
        self.ana.closes()
        self.ana.sees("Harbour", channel="ops", timeout=SLOW)
        self.ana.clicks("Create & link", on="Harbour", channel="ops")
        self.ana.sees("is in sync", channel="app", timeout=SLOW)
        no_report_is_owed(installation.environment["HOURLINK_DATABASE_URL"])
        self.ana.types("/track connect", channel="ops")
        self.ana.clicks("Connect", channel="ops")
        self.ana.sees("Connected:", channel="ops")
        assert "Started" in said(self.ana, "/track start #1", channel="ops")


@pytest.fixture
def harbour(database_url: str, tmp_path: Path, redmine: FakeRedmine) -> Iterator[Harbour]:
    """Everything works."""
    with installed(database_url, tmp_path, sync_seconds=600) as installation:
        yield Harbour(installation, redmine)


def test_what_passes_by_itself_is_waited_for(harbour: Harbour, database_url: str) -> None:
    """Half of the tasks come, then nonsense: they stay, time goes on, the run is taken up again."""
    ana, redmine = harbour.ana, harbour.redmine
    troubles = (
        (HTML, "an answer of another kind"),
        (BUSY, "too many requests"),
        (Say(503, body="down"), "no answer, or a broken one"),
        (RESET, "no answer, or a broken one"),
    )
    for kind, (trouble, reason) in enumerate(troubles, start=1):
        redmine.issues = {number: f"Renamed {kind}, {number}" for number in redmine.issues}
        redmine.trouble = partial(_second_page, trouble)
        says = report(ana)
        says("waits: it goes on")
        says(reason)
        renamed = f"SELECT count(*) FROM task WHERE title LIKE 'Renamed {kind},%'"  # noqa: S608
        assert rows(database_url, renamed) == [(100,)]
        assert f"HRB-{kind + 1} Renamed" in said(ana, f"/track start #{kind + 1}", channel="ops")
        redmine.trouble = None
        report(ana)("is in sync:")
        assert rows(database_url, renamed) == [(150,)]
    assert told(ana, NO_MORE) == 0
    assert rows(database_url, "SELECT count(*) FROM task WHERE gone_at IS NOT NULL") == [(0,)]
    assert rows(database_url, "SELECT count(*) FROM task") == [(150,)]
    nothing_secret_is_logged(harbour.installation)


def _second_page(trouble: Say, seen: Seen) -> Say | None:
    return trouble if "issue_id" in seen.query else None


def test_refused_credentials_are_told_once(harbour: Harbour, database_url: str) -> None:
    """L10: every admin hears it once, and once that it works again; nothing looks deleted."""
    ana, cleo, redmine = harbour.ana, harbour.cleo, harbour.redmine
    redmine.trouble = Say(401, body="")
    report(ana)("are not accepted any more")
    for admin in (ana, cleo):
        admin.sees(NO_MORE, channel="app", timeout=SLOW)
    report(ana)("are not accepted any more")
    assert "tarted HRB-2" in said(ana, "/track start #2", channel="ops")
    assert (told(ana, NO_MORE), told(cleo, NO_MORE)) == (1, 1)
    assert harbour.installation.slack.person("bo").messages("app") == []
    redmine.trouble = None
    redmine.issues[200] = "Made meanwhile"
    report(ana)("is in sync")
    for admin in (ana, cleo):
        admin.sees(AGAIN, channel="app", timeout=SLOW)
    report(ana)("is in sync")
    assert (told(ana, AGAIN), told(cleo, AGAIN)) == (1, 1)
    assert rows(database_url, "SELECT count(*) FROM task WHERE gone_at IS NULL") == [(151,)]
    nothing_secret_is_logged(harbour.installation)


def test_a_new_key_brings_everything_back(harbour: Harbour, database_url: str) -> None:
    """The old key is taken back in Redmine; connecting with a new one goes on where it was."""
    ana, cleo, redmine = harbour.ana, harbour.cleo, harbour.redmine
    redmine.key = "0ddba11" * 5 + "01234"
    report(ana)("are not accepted any more")
    ana.sees(NO_MORE, channel="app", timeout=SLOW)
    before = tuple(rows(database_url, "SELECT id, project_id FROM project_link"))
    ana.types("/link connect redmine", channel="ops")
    connects(ana, redmine, redmine.key, "The new credentials work")
    ana.closes()
    cleo.sees(AGAIN, channel="app", timeout=SLOW)
    report(ana)("is in sync")
    assert (told(ana, AGAIN), told(cleo, AGAIN)) == (0, 1)
    assert tuple(rows(database_url, "SELECT id, project_id FROM project_link")) == before
    assert rows(database_url, "SELECT count(*) FROM integration") == [(1,)]
    assert rows(database_url, "SELECT count(*) FROM task") == [(150,)]
    assert rows(database_url, "SELECT count(*) FROM announcement") == [(1,)]
    assert "On" in said(ana, "/track status", channel="ops")
    nothing_secret_is_logged(harbour.installation, redmine.key)


def nothing_secret_is_logged(installation: Installation, *more: str) -> None:
    """Whatever went wrong, no key, token or page of a stranger stands in the log."""
    log = installation.log()
    slack = installation.slack
    secrets = (slack.bot_token, slack.signing_secret, slack.app_token, KEY, "secret-page", *more)
    for secret in secrets:
        assert secret not in log
    assert "Traceback" not in log
