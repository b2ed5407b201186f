"""How long the service takes where 5,000 people meet 20,000 provider accounts.

    .venv/bin/python -m benchmarks.people [--database URL | --postgresql]

Fills an empty database (a SQLite file of its own, unless told otherwise) with people of whom
most have an account of the same address or name, and measures, after a first go, the median of
some: *Add users* with everybody selected and with some people named, the list of people with its
filters and search, matching names and addresses alone, finding an account, and asking everybody.
"""

import random

from benchmarks.measuring import Watch, database, options
from bot.domain.ids import IntegrationId, SlackUserId, TeamId
from bot.domain.people.add_users import Hint, UsersQuery
from bot.domain.people.people import Member, SlackPerson
from bot.domain.people.people_lists import BatchAction, PeopleQuery, Shown
from bot.integrations.api import ProviderAccount
from bot.services.members import Members
from bot.services.people.account_search import AccountSearch
from bot.services.people.add_users import AddUsers
from bot.services.people.batches import PeopleBatches
from bot.services.people.candidates import suggestions
from bot.services.people.invitations import Invitations
from bot.services.people.listing import PeopleLists
from bot.services.sync import mirror_rows
from storage.sync import provider_account_sync
from tests.builders import NOON, World

PEOPLE = 5_000
ACCOUNTS = 20_000

_FIRST = [f"{a}{b}{c}a" for a in "BDFGKLMNPRST" for b in "aeiou" for c in "lmnr"]
_LAST = [
    f"{a}{b}{c}{d}er" for a in "BDHKLMNRSTVW" for b in "aeiou" for c in "lnrst" for d in "dgkt"
]


def people(chance: random.Random) -> list[SlackPerson]:
    """A company."""
    return [
        SlackPerson(
            SlackUserId(f"U{number:06}"),
            f"{chance.choice(_FIRST)} {chance.choice(_LAST)}",
            f"p{number}@acme.test",
            "UTC",
        )
        for number in range(PEOPLE - 1)
    ]


_NAMESAKES, _UNVERIFIED, _VERIFIED, _ABSENT = range(4)


def accounts(chance: random.Random, here: list[SlackPerson]) -> list[ProviderAccount]:
    """Half have the address of somebody here, a quarter only the name, the rest are others'."""
    made = []
    for number, one in enumerate(here):
        kind = number % 4
        if kind != _ABSENT:
            email = None if kind == _NAMESAKES else one.email
            made.append(ProviderAccount(str(number), one.name, email, kind == _VERIFIED))
    return made + [
        ProviderAccount(str(n), f"{chance.choice(_FIRST)} {chance.choice(_LAST)}", f"q{n}@x.test")
        for n in range(PEOPLE, PEOPLE + ACCOUNTS - len(made))
    ]


def fill(made: World) -> tuple[Member, IntegrationId]:
    """The admin and the site."""
    chance = random.Random(20261122)  # noqa: S311 - the same company every time
    ana = made.member("ana", admin=True)
    site = made.integration(ana)
    here = people(chance)
    Members(made.uow, made.new_marker()).save_many(TeamId(made.team_id), here, NOON)
    rows = [
        mirror_rows.owned(mirror_rows.account_row(one), made.team_id, site, one.external_id)
        for one in accounts(chance, here)
    ]
    with made.uow.begin() as tx:
        provider_account_sync.write(tx, rows)
    return ana, site


def adding(made: World, ana: Member, site: IntegrationId, watch: Watch) -> None:
    """*Add users*, up to its end."""
    users, search = AddUsers(made.uow), AccountSearch(made.uow)
    everyone = UsersQuery(site, everyone=True)
    named = UsersQuery(site, tuple(SlackUserId(f"U{n:06}") for n in range(30)))
    late = UsersQuery(site, everyone=True, page=120, hint=Hint.NAME, words="era")

    def matching() -> object:
        with made.uow.read() as tx:
            return suggestions(tx, ana.team_id, site)

    def notify() -> object:
        choices = users.choices(ana, everyone, {})
        return Invitations(made.uow, made.new_marker()).invite(ana, site, choices, NOON)

    watch.often(f"Matching {PEOPLE:,} people with {ACCOUNTS:,} accounts", matching)
    watch.often("Add users: Select all", lambda: users.page(ana, everyone))
    watch.often("Add users: page 120, similar names, a search", lambda: users.page(ana, late))
    watch.often("Add users: 30 people named", lambda: users.page(ana, named))
    watch.often("Finding an account by name", lambda: search.for_admin(ana, site, "bala d", 99))
    watch.often("Finding an account, nothing typed", lambda: search.for_admin(ana, site, "", 99))
    watch.once(f"Notify: asking {PEOPLE:,} people", notify)
    watch.often("Add users: Select all, everybody asked", lambda: users.page(ana, everyone))


def listing(made: World, ana: Member, site: IntegrationId, watch: Watch) -> None:
    """The list of people, and what is done to all of them."""
    lists = PeopleLists(made.uow)
    batches = PeopleBatches(made.uow, Invitations(made.uow, made.new_marker()), made.new_marker())
    start, found = PeopleQuery(site), PeopleQuery(site, Shown.INVITED, "bala", 2)
    watch.often("People: first page", lambda: lists.page(ana, start))
    watch.often("People: last page", lambda: lists.page(ana, PeopleQuery(site, page=249)))
    watch.often("People: asked, a search", lambda: lists.page(ana, found))
    chosen = lists.start_choosing(ana, start, NOON).query
    watch.often("People: ticking all", lambda: lists.tick_all(ana, chosen))
    action = BatchAction.WITHDRAW
    watch.once("People: what withdrawing all would do", lambda: batches.chosen(ana, chosen))
    seen = batches.preview(ana, chosen, action, NOON).fingerprint
    watch.once("People: withdrawing all", lambda: batches.do(ana, chosen, action, seen, NOON))


def main() -> None:
    """Prints a table, and ends with 1 where something takes longer than it may."""
    with database(options(__doc__).parse_args()) as url:
        made = World(url)
        ana, site = fill(made)
        watch = Watch(made.engine)
        adding(made, ana, site, watch)
        listing(made, ana, site, watch)
        made.close()
    watch.report(f"{PEOPLE:,} people, {ACCOUNTS:,} accounts")


if __name__ == "__main__":
    main()
