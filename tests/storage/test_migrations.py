"""Upgrading a database that people have worked with."""

from datetime import UTC, datetime

from alembic import command
from sqlalchemy import Engine, create_engine, insert, text
from sqlalchemy.schema import MetaData

from bot.domain.ids import ProviderProjectId, TeamId
from bot.domain.tasks.task_terms import search_words
from storage.engine import open_engine
from storage.migrations import config, upgrade
from storage.tasks import task_index, task_search
from storage.tasks.task_questions import Question
from storage.unit_of_work import UnitOfWork

OLD = "0003"
THEN = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _fill(url: str) -> None:
    """One of everything that other rows point at, as an older version wrote it."""
    engine = create_engine(url)
    tables = MetaData()
    tables.reflect(engine)
    rows: dict[str, dict[str, object]] = {
        "team": {"id": "T1", "name": "Acme", "bot_user_id": "B", "settings": {}},
        "member": {"slack_user_id": "U1", "name": "Ana", "zone": "UTC", "settings": {}},
        "integration": {
            "provider": "redmine",
            "site_id": "s",
            "site_name": "s",
            "site_url": "https://s.test",
            "channel_id": "C1",
            "link_policy": "announce",
            "members_policy": "off",
            "state": "active",
            "connected_by": 1,
        },
        "project": {"name": "Website", "code": "WEB", "next_number": 1},
        "provider_project": {"integration_id": 1, "external_id": "p", "name": "Web", "url": ""},
        "project_link": {"provider_project_id": 1, "project_id": 1, "state": "active"},
        "project_member": {"project_id": 1, "member_id": 1},
        "task": {
            "integration_id": 1,
            "provider_project_id": 1,
            "external_id": "12",
            "key": "WEB-12",
            "key_folded": "web-12",
            "number": 12,
            "title": "Fix the h\u00e9ader, HTML5",
            "search_text": "web-12 fix the h\u00e9ader, html5",
            "labels": [],
            "assignee_ids": ["5"],
        },
        "time_entry": {"member_id": 1, "project_id": 1, "task_id": 1, "seconds": 60},
    }
    with engine.begin() as connection:
        for name, given in rows.items():
            columns = tables.tables[name].columns
            values = {column.name: _some(column.type) for column in columns if not column.nullable}
            values |= {"team_id": "T1"} | given
            values |= {} if name == "team" else {"id": 1}
            kept = {key: value for key, value in values.items() if key in columns}
            connection.execute(insert(tables.tables[name]).values(kept))
        if engine.dialect.name == "postgresql":
            for name in rows.keys() - {"team"}:
                connection.execute(text(f"SELECT setval('{name}_id_seq', 1)"))
    engine.dispose()


def _some(kind: object) -> object:
    name = type(kind).__name__
    if name in {"DATETIME", "TIMESTAMP"}:
        return THEN
    if name == "DATE":
        return THEN.date()
    return {"BOOLEAN": False, "JSON": {}}.get(name, 0 if "INT" in name else "")


def _ids(engine: Engine, name: str) -> list[int]:
    with engine.connect() as connection:
        return list(connection.execute(text(f"SELECT id FROM {name}")).scalars())  # noqa: S608


def test_everything_is_there_after_an_upgrade(blank_database_url: str) -> None:
    """No row is lost, none points at nothing, and what was synced before is found by its words."""
    command.upgrade(config(blank_database_url), OLD)
    _fill(blank_database_url)
    upgrade(blank_database_url)
    engine = open_engine(blank_database_url)
    for name in ("member", "project", "project_member", "project_link", "task", "time_entry"):
        assert _ids(engine, name) == [1]
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert list(connection.exec_driver_sql("PRAGMA foreign_key_check")) == []
    with UnitOfWork(engine).read() as tx:
        words = [(word,) for word in search_words("header web-12")]
        for projects in (1, 30):  # which are looked up in two ways
            sources = [ProviderProjectId(one) for one in range(1, projects + 1)]
            question = Question(TeamId("T1"), words, sources)
            found = task_search.newest(tx, question, is_done=False)
            assert [hit.key for hit in found] == ["WEB-12"]
        assert set(task_index.words_like(tx, TeamId("T1"), 3, 40)) == {
            "fix",
            "the",
            "header",
            "web",
        }
        assert "html5" in tx.execute(text("SELECT word FROM task_word")).scalars().all()
    engine.dispose()


def test_what_was_kept_for_a_task_that_is_gone_stops_no_upgrade(blank_database_url: str) -> None:
    """It is kept for a day at most, so it goes with the upgrade; the rest stays."""
    command.upgrade(config(blank_database_url), OLD)
    _fill(blank_database_url)
    command.upgrade(config(blank_database_url), "0042")
    engine = open_engine(blank_database_url)
    with engine.begin() as connection:
        for row, task in ((1, 1), (2, 99), (3, None)):
            connection.execute(
                text(
                    "INSERT INTO pending_entry"
                    " (id, team_id, member_id, is_log, note, permalink, task_id, created_at)"
                    " VALUES (:row, 'T1', 1, false, '', '', :task, :then)"
                ),
                {"row": row, "task": task, "then": "2026-11-20 12:00:00"},
            )
    upgrade(blank_database_url)
    assert sorted(_ids(engine, "pending_entry")) == [1, 3]
    engine.dispose()


def test_names_with_typographic_quotes_are_found_after_an_upgrade(blank_database_url: str) -> None:
    """What was written before is compared as what is written now; like names stay apart.

    One that was merged into another takes no name away.
    """
    command.upgrade(config(blank_database_url), OLD)
    _fill(blank_database_url)
    command.upgrade(config(blank_database_url), "0043")
    engine = open_engine(blank_database_url)
    typed, spelled = "o'brien", "O\u2019Brien"
    with engine.begin() as connection:
        for row, name, into in (
            (1, spelled, None),
            (2, "O'Brien", None),
            (3, "D\u2019Or", None),
            (4, "D'Or", 3),
            (5, spelled, 2),
        ):
            connection.execute(
                text(
                    "INSERT INTO client"
                    " (id, team_id, name, name_folded, currency, created_at, merged_into)"
                    " VALUES (:row, 'T1', :name, :folded, 'USD', :then, :into)"
                ),
                {
                    "row": row,
                    "name": name,
                    "folded": name.casefold(),
                    "then": THEN.isoformat(),
                    "into": into,
                },
            )
        names = {"name": spelled, "folded": spelled.casefold()}
        connection.execute(text("UPDATE project SET name = :name, name_folded = :folded"), names)
        connection.execute(
            text("UPDATE provider_project SET name = :name, search_text = :folded"), names
        )
    upgrade(blank_database_url)
    with engine.begin() as connection:
        clients = connection.execute(text("SELECT name_folded FROM client ORDER BY id"))
        assert clients.scalars().all() == ["o\u2019brien", typed, "d'or", "d'or", typed]
        assert connection.execute(text("SELECT name_folded FROM project")).scalars().all() == [
            typed
        ]
        found = connection.execute(text("SELECT search_text FROM provider_project")).scalar_one()
        assert found.startswith(f"{typed}\x1f")
    engine.dispose()
