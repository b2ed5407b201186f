"""Linking in a team whose tool has 20,000 projects: how long an admin waits, in milliseconds.

    .venv/bin/python -m benchmarks.linking [--projects 20000] [--database URL | --postgresql]

Fills an empty database (a SQLite file of its own, unless told otherwise) and calls the services as
the handlers do: the preview of ``/link all``, typing into *Connect projects*, words behind
``/link project``, the Overview, and the count that the settings show. Medians of some calls.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from sqlalchemy import insert, text

from benchmarks.measuring import Watch, database, options
from benchmarks.rows import add_site, project_row, source_row
from bot.domain.ids import IntegrationId, SlackUserId, TeamId
from bot.domain.linking.integration_settings import IntegrationSettings
from bot.domain.linking.link_rules import LinkRule, RuleBy
from bot.domain.linking.linking import ProviderProjectUnknown
from bot.domain.people.people import Member, SlackPerson
from bot.domain.states import LinkPolicy, MembersPolicy
from bot.domain.tasks.task_refs import WordsRef
from bot.services.linking.link_all import ConnectAll
from bot.services.linking.linking import Linking
from bot.services.linking.overview import Overviews
from bot.services.linking.policies import LinkPolicies
from storage import members, teams
from storage.engine import open_engine
from storage.linking import provider_projects
from storage.linking.project_links import ProjectLinkRow
from storage.projects.projects import ProjectRow
from storage.sql import table
from storage.unit_of_work import Tx, UnitOfWork

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TEAM = TeamId("T0BENCH")


def fill(uow: UnitOfWork, projects: int) -> Member:
    """Two tools; every tenth project of theirs is linked. The admin."""
    with uow.begin() as tx:
        teams.save_installed(tx, TEAM, name="Bench", bot_user_id="U0BOT", now=NOW)
        person = SlackPerson(
            user_id=SlackUserId("U0ANA"), name="Ana", email=None, zone="UTC", is_admin=True
        )
        members.save(tx, TEAM, person, NOW)
        ana = members.by_slack_id(tx, TEAM, person.user_id)
        if ana is None:
            raise SystemExit("nobody is there")
        for site in range(2):
            _site(tx, ana, site, projects // 2)
    return ana


def _site(tx: Tx, ana: Member, number: int, projects: int) -> None:
    site = add_site(tx, TEAM, f"site{number}", ana.id, NOW)
    rows = [source_row(TEAM, site, number * projects + one, NOW) for one in range(projects)]
    tx.execute(insert(table(provider_projects.ProviderProjectRow)), rows)
    linked = range(number * projects + 1, (number + 1) * projects + 1, 10)
    names = [project_row(TEAM, "Linked", one, NOW) for one in linked]
    tx.execute(insert(table(ProjectRow)), names)
    pairs = "SELECT id FROM provider_project WHERE external_id = 'p' || :n"
    ids = {one: tx.execute(text(pairs), {"n": str(one)}).scalar_one() for one in (linked[0],)}
    first = ids[linked[0]]
    made = tx.execute(
        text("SELECT id FROM project WHERE name LIKE 'Linked %' ORDER BY id DESC LIMIT :n"),
        {"n": len(names)},
    ).scalars()
    links = [
        {
            "team_id": TEAM,
            "provider_project_id": first + 10 * place,
            "project_id": project,
            "state": "active",
            "linked_at": NOW,
        }
        for place, project in enumerate(made)
        if first + 10 * place < first + projects - 1
    ]
    tx.execute(insert(table(ProjectLinkRow)), links)


def main() -> None:
    """Prints a table, and ends with 1 where something takes longer than it may."""
    parser = options(__doc__)
    parser.add_argument("--projects", type=int, default=20_000)
    chosen = parser.parse_args()
    with database(chosen) as url:
        engine = open_engine(url)
        uow = UnitOfWork(engine)
        ana = fill(uow, chosen.projects)
        linking, overviews = Linking(uow, str), Overviews(uow)
        connect_all, policies = ConnectAll(uow, str), LinkPolicies(uow, str)
        watch = Watch(engine)
        watch.often("/link all: the preview", lambda: connect_all.preview(who=ana))
        for typed in ("", "a", "shop", "relaunch data", "p1234", "nothing at all"):
            watch.often(f"Connect projects, typing {typed!r}", _typing(linking, ana, typed))
        watch.often("/link project with words", _meaning(linking, ana, "relaunch data 77"))
        watch.often("/link project with a typo", _meaning(linking, ana, "relunch dtaa"))
        watch.often("Overview", lambda: overviews.everything(who=ana))
        watch.often("Settings, at a keystroke", lambda: _settings(policies, ana))
        engine.dispose()
    watch.report(f"{chosen.projects:,} provider projects")


def _typing(linking: Linking, ana: Member, typed: str) -> Callable[[], object]:
    return lambda: linking.unlinked(who=ana, text=typed)


def _meaning(linking: Linking, ana: Member, words: str) -> Callable[[], object]:
    def find() -> object:
        with suppress(ProviderProjectUnknown):
            return linking.find(who=ana, provider_project=WordsRef(words), to=None, create=True)
        return None

    return find


def _settings(policies: LinkPolicies, ana: Member) -> object:
    here = IntegrationId(1)
    chosen = IntegrationSettings(
        channel_id="C0OPS",
        link_policy=LinkPolicy.ANNOUNCE,
        members_policy=MembersPolicy.PROVIDER_ACCESS,
        personal_projects=False,
        rules=(
            LinkRule(include=True, pattern="*shop*"),
            LinkRule(include=False, pattern="Acme*1?"),
            LinkRule(include=False, pattern="Space 3*", by=RuleBy.WORKSPACE),
        ),
    )
    return policies.show(who=ana, integration_id=here, chosen=chosen)


if __name__ == "__main__":
    main()
