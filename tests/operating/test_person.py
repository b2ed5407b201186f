"""One person's data, handed out and erased (O4)."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, text
from typer.testing import CliRunner

from bot.commands import app
from bot.domain.entries.entries import StopReason
from bot.domain.ids import TeamId
from bot.domain.money.billing import Method, Terms
from bot.domain.operating.person_data import ERASED, blotted
from bot.domain.people.people import Member
from bot.services.tracking.stopping import stop_timers
from storage.money import billing, clients
from storage.operating import audit
from storage.operating.person_data import DID, THEIRS, columns_to_people
from storage.operating.person_names import named
from storage.tables import METADATA
from tests.builders import NOON, World


class Office:
    """Two people with time, one of whom wants to be forgotten."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ana = world.member("ana", admin=True)
        self.mia = world.member("mia")
        self.integration = world.integration(self.ana)
        self.account = world.account(self.integration, "Mia K", email="mia@acme.test")
        world.connected(self.mia, self.integration, self.account)
        self.project = world.project("Website")
        for member, note in ((self.mia, "call with my doctor"), (self.ana, "review")):
            entry = world.length(member, self.project, None, NOON, 3600)
            with world.engine.begin() as connection:
                connection.execute(
                    text("UPDATE time_entry SET note = :note WHERE id = :id"),
                    {"note": note, "id": entry},
                )
        with world.uow.begin() as tx:
            audit.record(
                tx,
                self.ana.team_id,
                actor=self.ana.id,
                action="admin.name",
                subject=f"member:{self.mia.id}",
                after={"person": "Mia", "email": "MIA@acme.test"},
                now=NOON,
            )

    def everything(self) -> str:
        """The whole database as one text."""
        with self.world.engine.connect() as connection:
            return str([connection.execute(select(one)).all() for one in METADATA.sorted_tables])

    def hours(self, member: Member) -> int:
        """What reports count for somebody."""
        with self.world.engine.connect() as connection:
            query = text("SELECT coalesce(sum(seconds), 0) FROM time_entry WHERE member_id = :id")
            return int(connection.execute(query, {"id": member.id}).scalar_one())


@pytest.fixture
def office(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """Give one; the environment names its database."""
    monkeypatch.setenv("HOURLINK_DATABASE_URL", database_url.replace("+psycopg", ""))
    world = World(database_url)
    yield Office(world)
    world.close()


def hourlink(*words: str, typed: str = "") -> tuple[int, str]:
    """How the command ended, and what it said."""
    answer = CliRunner().invoke(app, list(words), input=typed)
    return answer.exit_code, answer.output


def test_what_a_person_earns_sees_and_is_sent_is_theirs_to_know(
    office: Office, tmp_path: Path
) -> None:
    """Their rates, projects that their account sees, reports of others to them; no colleague's."""
    world, team_id, (ana, mia) = office.world, office.mia.team_id, (office.ana, office.mia)
    world.access(world.provider_project(office.integration, "Acme Web"), office.account)
    world.provider_project(office.integration, "Secret plans", key="SEC")
    with world.uow.begin() as tx:
        for whose, cents in ((mia, 6100), (ana, 9900)):
            billing.set_rates(
                tx,
                team_id,
                [(None, whose.id)],
                currency="EUR",
                per_hour=cents,
                from_day=NOON.date(),
                by=ana.id,
                now=NOON,
            )
        for to in (mia, ana):
            row = {"team_id": team_id, "member_id": ana.id, "to_member_id": to.id, "at": "09:00"}
            words = {
                "beat": "day",
                "on_day": 0,
                "period": "last day",
                "filters": "",
                "reach": "all",
            }
            others = {"for_team": True, "forms": [], "created_at": NOON}
            tx.execute(insert(METADATA.tables["report_schedule"]).values(row | words | others))
    file = tmp_path / "mia.json"
    code, said = hourlink("export", "--person", "U0MIA", "--output", str(file))
    assert code == 0, said
    rows = json.loads(file.read_text(encoding="utf-8"))["rows"]
    of = {
        name: [row for row in rows if row["table"] == name] for name in {r["table"] for r in rows}
    }
    assert [row["per_hour"] for row in of["rate"]] == [6100]
    assert [row["provider_project"] for row in of["provider_access"]] == ["Acme Web"]
    assert [row["to_member_id"] for row in of["report_schedule"]] == [mia.id]


@pytest.mark.usefixtures("office")
def test_a_person_gets_everything_and_nothing_of_others(tmp_path: Path) -> None:
    """Notes, history, connections and lines of the log are there; keys and colleagues are not."""
    file = tmp_path / "mia.json"
    code, said = hourlink("export", "--person", "MIA@acme.test", "--output", str(file))
    assert code == 0, said
    found = json.loads(file.read_text(encoding="utf-8"))
    tables = {row["table"] for row in found["rows"]}
    assert {"member", "time_entry", "account_link", "provider_account", "audit"} <= tables
    whole = file.read_text(encoding="utf-8")
    assert "call with my doctor" in whole
    assert "review" not in whole
    assert "sealed" not in whole
    code, said = hourlink("export", "--person", "mia@acme.test", "--output", str(file))
    assert code == 1
    assert "exists" in said


def test_what_was_worked_on_is_named_beside_its_ids(office: Office, tmp_path: Path) -> None:
    """Ids alone say nothing to the person whose data it is; in the history they do as little."""
    world, team_id = office.world, office.mia.team_id
    board = world.integration(office.ana, site="second board")
    task = world.task(board, world.provider_project(board), "WEB-12", "Fix the form")
    with world.uow.begin() as tx:
        globex = clients.add(tx, team_id, "Globex", "EUR", by=office.ana.id, now=NOON)
        terms = [Terms(NOON.date() - timedelta(days=9), Method.NON_BILLABLE, "EUR", globex)]
        billing.replace_terms(tx, team_id, {office.project: terms}, by=office.ana.id, now=NOON)
    world.timer(office.mia, office.project, task, NOON - timedelta(hours=1))
    with world.uow.begin() as tx:
        stop_timers(
            tx,
            team_id,
            because=StopReason.NO_ANSWER,
            now=NOON,
            new_marker=world.new_marker(),
        )
    file = tmp_path / "mia.json"
    code, said = hourlink("export", "--person", "U0MIA", "--output", str(file))
    assert code == 0, said
    rows = json.loads(file.read_text(encoding="utf-8"))["rows"]
    plain, on_task = (row for row in rows if row["table"] == "time_entry")
    assert (plain["project"], plain["project_code"], plain["client"]) == (
        "Website",
        "WEB",
        "Globex",
    )
    [stopped] = (row for row in rows if row["table"] == "time_entry_change")
    called = {
        "project": "Website",
        "client": "Globex",
        "task": "WEB-12",
        "task_title": "Fix the form",
        "provider": "board",
        "site": "second board",
    }
    for row in (on_task, stopped["before"], stopped["after"]):
        assert called.items() <= row.items()
        assert row["task_id"] == task
    [link] = (row for row in rows if row["table"] == "account_link")
    assert link["provider"] == "board"


def test_names_of_another_team_are_never_looked_up(office: Office) -> None:
    """A row that carried a foreign id would be handed out with the id alone."""
    world = office.world
    other = world.member("zoe", team_id=world.team(TeamId("T0SUN")))
    row = {"project_id": office.project, "work_date": NOON.date()}
    with world.uow.read() as tx:
        assert list(named(tx, other.team_id, [("time_entry", row)])) == [("time_entry", row)]
        [(_, own)] = named(tx, office.mia.team_id, [("time_entry", row)])
    assert own["project"] == "Website"


def test_after_an_erasure_only_hours_are_left(office: Office) -> None:
    """In no table stands their name, address, id or a word of theirs; sums stay as they were."""
    code, said = hourlink("erase", "--person", "mia@acme.test", typed="y\n")
    assert code == 0, said
    everything = office.everything()
    for trace in ("mia@acme", "MIA@acme", "U0MIA", "doctor"):
        assert trace not in everything
    assert office.hours(office.mia) == 3600
    assert ERASED in everything
    assert "review" in everything
    with office.world.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM account_link")).scalar() == 0


def test_with_time_nothing_is_left(office: Office) -> None:
    """And what others tracked is untouched."""
    code, said = hourlink("erase", "--person", "U0MIA", "--time", "--yes")
    assert code == 0, said
    assert office.hours(office.mia) == 0
    assert office.hours(office.ana) == 3600


def test_a_running_timer_is_ended_before_its_owner_is_forgotten(office: Office) -> None:
    """It would run for ever, and nobody could stop it."""
    office.world.timer(office.mia, office.project, None, NOON - timedelta(hours=1))
    code, said = hourlink("erase", "--person", "U0MIA", "--yes")
    assert code == 0, said
    with office.world.engine.connect() as connection:
        query = text("SELECT count(*) FROM time_entry WHERE seconds IS NULL")
        assert connection.execute(query).scalar() == 0


def test_erasing_asks_first_and_strangers_are_named(office: Office) -> None:
    """A slip of the keyboard erases nobody."""
    code, said = hourlink("erase", "--person", "U0MIA", typed="n\n")
    assert code == 1
    assert "keep 1 time entry under no name" in said
    assert "U0MIA" in office.everything()
    code, said = hourlink("erase", "--person", "nobody@acme.test", "--yes")
    assert code == 1
    assert "Nobody here" in said


def test_erasing_warns_about_who_is_still_in_slack(office: Office) -> None:
    """Whoever types a command afterwards is known again, and the erasure was for nothing."""
    code, said = hourlink("erase", "--person", "U0MIA", typed="n\n")
    assert code == 1
    warning = "Mia still belongs to Acme in Slack. With their next command they are known again"
    assert warning in said
    assert said.index(warning) < said.index("Erase Mia")
    assert "known again" in " ".join(hourlink("erase", "--help")[1].replace("│", " ").split())
    with office.world.engine.begin() as connection:
        gone = text("UPDATE member SET deactivated_at = :at WHERE id = :id")
        connection.execute(gone, {"at": str(NOON), "id": office.mia.id})
    code, said = hourlink("erase", "--person", "U0MIA", "--yes")
    assert code == 0, said
    assert "known again" not in said


def test_somebody_in_two_workspaces_is_asked_for_once_more(office: Office) -> None:
    """Consent in one company says nothing about another."""
    office.world.member("mia", team_id=office.world.team(TeamId("T0SUN")))
    code, said = hourlink("erase", "--person", "mia@acme.test", "--yes")
    assert code == 1
    assert "--team" in said
    assert hourlink("erase", "--person", "mia@acme.test", "--team", "T0SUN", "--yes")[0] == 0
    assert office.hours(office.mia) == 3600


def test_a_database_that_is_not_there_is_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mistyped address gets a sentence, and leaves no empty file behind."""
    monkeypatch.setenv("HOURLINK_DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    output = str(tmp_path / "mia.json")
    for words in (("export", "--output", output), ("erase", "--yes")):
        code, said = hourlink(*words, "--person", "U0MIA")
        assert code == 1
        assert "is not there" in said
    assert list(tmp_path.iterdir()) == []


def test_every_column_that_names_a_person_is_sorted() -> None:
    """A new table with people in it would be left out of both commands."""
    theirs = {f"{column.table.name}.{column.name}" for column in THEIRS.values()}
    assert columns_to_people() == theirs | DID


@given(st.text(), st.text(min_size=1), st.text())
def test_nothing_of_a_name_survives_blotting(before: str, trace: str, after: str) -> None:
    """At any depth, and the structure stays."""
    value = {"a": [before + trace + after], "b": 1}
    found = blotted(value, [trace])
    assert found["b"] == 1
    (kept,) = found["a"]
    assert ERASED in kept
    assert all(trace not in piece for piece in kept.split(ERASED))


def test_names_are_blotted_in_any_case() -> None:
    """People write them as they like."""
    assert blotted("ana and ANA and Ana", ["Ana"]) == f"{ERASED} and {ERASED} and {ERASED}"
