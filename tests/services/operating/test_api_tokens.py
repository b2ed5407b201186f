"""Tokens of people's own programs: what opens, what does not, and what ends them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.domain.errors import Vanished
from bot.domain.ids import SlackUserId
from bot.domain.operating.api_tokens import (
    KEPT,
    MOST_TOKENS,
    ApiSwitchedOff,
    ApiTokenRefused,
    Lifetime,
    TooManyTokens,
    read_token,
    spell,
)
from bot.domain.people.people import Member, SlackPerson
from bot.domain.preferences import TeamSettings
from bot.services.members import Members
from bot.services.operating.api_tokens import ApiTokens
from bot.services.operating.installations import Installations
from bot.services.operating.operating import Operating
from bot.services.operating.person_data import PersonData
from bot.services.vault import Vault
from storage import teams
from storage.operating.api_tokens import ApiTokenRow
from storage.operating.audit import AuditRow
from storage.sql import table
from tests.builders import NOON, World

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
MINUTE = timedelta(minutes=1)


class Office:
    """Ana, who writes spreadsheets, and Bo."""

    def __init__(self, database_url: str) -> None:
        self.world = World(database_url)
        self.ana, self.bo = self.world.member("ana"), self.world.member("bo")
        self._numbers = count(1)
        self.tokens = self.under(OLD)

    def under(self, *keys: str) -> ApiTokens:
        """The service of a process with these keys."""
        return ApiTokens(self.world.uow, Vault(keys), lambda: f"{next(self._numbers):012x}" * 2)

    def make(
        self, who: Member | None = None, lifetime: Lifetime = Lifetime.QUARTER, name: str = "sheet"
    ) -> str:
        """A new token."""
        owner = self.ana if who is None else who
        return self.tokens.make(who=owner, name=name, lifetime=lifetime, now=NOON).secret

    def opens(self, secret: str, *, days: int = 0) -> bool:
        """Whether it lets anybody in."""
        try:
            self.tokens.bearer(secret, NOON + timedelta(days=days))
        except ApiTokenRefused:
            return False
        return True

    def members(self) -> Members:
        """Slack's word about people."""
        return Members(self.world.uow, self.world.new_marker())


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """Without tokens."""
    made = Office(database_url)
    yield made
    made.world.close()


def test_a_token_opens_what_its_owner_may_see(office: Office) -> None:
    """Nobody else's, and as they are now: who was made an admin reads as one."""
    secret = office.make()
    assert secret.startswith("hlk_")
    found = office.tokens.bearer(secret, NOON)
    assert (found.who, found.token.name) == (office.ana, "sheet")
    person = SlackPerson(office.ana.slack_user_id, "Ana", None, "UTC", is_admin=True)
    office.members().save(office.world.team_id, person, NOON)
    assert office.tokens.bearer(secret, NOON).who.is_admin


def test_what_is_no_token_costs_no_question(office: Office) -> None:
    """A stranger's guess is turned away before the database is asked."""
    secret = office.make()
    closed = without_database()
    wrong = (
        secret[:-1],
        secret + "0",
        f"{secret[:-1]}{'0' if secret[-1] != '0' else '1'}",
        "",
        "x",
    )
    for one in wrong:
        with pytest.raises(ApiTokenRefused):
            closed.bearer(one, NOON)


def without_database() -> ApiTokens:
    """A service without a database: whoever asks it falls over."""
    return ApiTokens(None, Vault([OLD]), lambda: "")  # type: ignore[arg-type]


def test_a_made_up_secret_behind_a_known_name_opens_nothing(office: Office) -> None:
    """The public part is in logs of proxies sooner or later; it proves nothing."""
    secret = office.make()
    assert not office.opens(spell(secret[4:16] + "f" * 36))
    assert not office.opens(spell("a" * 48))
    assert office.opens(secret)


@given(st.text(max_size=80))
def test_reading_never_stumbles(text: str) -> None:
    """Whatever stands in the header."""
    assert read_token(text) is None


def test_the_database_holds_nothing_that_opens(office: Office) -> None:
    """A copied backup is worth nothing without the operator's keys."""
    secret = office.make()
    with office.world.engine.connect() as connection:
        row = connection.execute(select(table(ApiTokenRow))).one()
    assert secret[16:] not in str(row)
    assert not ApiTokens(office.world.uow, Vault([NEW]), lambda: "").own(who=office.bo)
    with pytest.raises(ApiTokenRefused):
        office.under(NEW).bearer(secret, NOON)


def test_a_token_outlives_the_rotation_of_keys(office: Office) -> None:
    """`hourlink keys rotate` takes tokens along, and then the old key can go."""
    secret = office.make()
    Operating(office.world.uow).rotate(Vault([NEW, OLD]))
    assert office.under(NEW).bearer(secret, NOON).who == office.ana


@pytest.mark.parametrize(
    ("lifetime", "days"), [(Lifetime.MONTH, 30), (Lifetime.QUARTER, 90), (Lifetime.YEAR, 365)]
)
def test_a_token_ends_when_it_was_to_end(office: Office, lifetime: Lifetime, days: int) -> None:
    """To the day that the form promised."""
    secret = office.make(lifetime=lifetime)
    assert office.opens(secret, days=days - 1)
    assert not office.opens(secret, days=days)


def test_one_without_an_end_goes_on_and_old_ones_are_forgotten(office: Office) -> None:
    """What expired stays in the list for a while, then it goes."""
    forever, month = office.make(lifetime=Lifetime.FOREVER), office.make(lifetime=Lifetime.MONTH)
    assert office.opens(forever, days=4000)
    over = NOON + timedelta(days=30) + KEPT
    office.tokens.tidy(over)
    assert len(office.tokens.own(who=office.ana)) == 2
    office.tokens.tidy(over + MINUTE)
    assert [one.expires_at for one in office.tokens.own(who=office.ana)] == [None]
    assert not office.opens(month)


def test_a_token_that_was_taken_back_opens_nothing(office: Office) -> None:
    """At once; and nobody takes another person's."""
    secret = office.make()
    (listed,) = office.tokens.own(who=office.ana)
    with pytest.raises(Vanished):
        office.tokens.end(who=office.bo, token_id=listed.id, now=NOON)
    assert office.opens(secret)
    office.tokens.end(who=office.ana, token_id=listed.id, now=NOON)
    assert not office.opens(secret)
    with pytest.raises(Vanished):
        office.tokens.end(who=office.ana, token_id=listed.id, now=NOON)


def test_making_and_taking_back_is_in_the_audit_log(office: Office) -> None:
    """By name; the token itself is nowhere in it."""
    secret = office.make(name="invoices")
    (listed,) = office.tokens.own(who=office.ana)
    office.tokens.end(who=office.ana, token_id=listed.id, now=NOON)
    with office.world.engine.connect() as connection:
        rows = connection.execute(select(table(AuditRow)).order_by(AuditRow.id)).all()  # type: ignore[arg-type]
    assert [(row.action, row.actor_id) for row in rows] == [
        ("token.make", office.ana.id),
        ("token.end", office.ana.id),
    ]
    assert (rows[0].after["token"], rows[1].before["token"]) == ("invoices", "invoices")
    assert secret[16:] not in str(rows)


def test_use_is_written_down_once_a_minute(office: Office) -> None:
    """A program that asks a hundred times a minute writes once."""
    secret = office.make()
    for seconds in (0, 20, 59):
        office.tokens.bearer(secret, NOON + timedelta(seconds=seconds))
        assert office.tokens.own(who=office.ana)[0].used_at == NOON
    office.tokens.bearer(secret, NOON + MINUTE)
    assert office.tokens.own(who=office.ana)[0].used_at == NOON + MINUTE


def test_nobody_has_more_than_the_list_shows(office: Office) -> None:
    """The most that one form can list."""
    for _ in range(MOST_TOKENS):
        office.make()
    with pytest.raises(TooManyTokens):
        office.make()
    office.make(office.bo)


@pytest.mark.parametrize("whole_list", [False, True])
def test_tokens_end_with_whoever_leaves(office: Office, *, whole_list: bool) -> None:
    """Deactivated in Slack, told by an event or found in the list; coming back revives none."""
    secret, other = office.make(), office.make(office.bo)
    gone = SlackPerson(office.ana.slack_user_id, "Ana", None, "UTC", is_deactivated=True)
    people = office.members()
    if whole_list:
        people.save_many(office.world.team_id, [gone], NOON)
    else:
        people.save(office.world.team_id, gone, NOON)
    assert not office.opens(secret)
    people.save(office.world.team_id, replace(gone, is_deactivated=False), NOON)
    assert not office.opens(secret)
    assert office.opens(other)


def test_tokens_end_with_the_installation(office: Office) -> None:
    """Whichever way it ended, also for an organisation; installed again, none is back."""
    for end in (
        lambda: office.members().uninstalled(office.world.team_id, NOON),
        lambda: Installations(office.world.uow, Vault([OLD]), office.world.new_marker()).end(
            office.world.team_id, None, at=NOON, now=NOON
        ),
    ):
        secret = office.make()
        end()
        assert not office.opens(secret)
        office.world.team(office.world.team_id)
        assert not office.opens(secret)


def test_a_token_opens_nothing_while_its_team_has_no_hourlink(office: Office) -> None:
    """Also where only the mark of the uninstallation is there yet."""
    secret = office.make()
    with office.world.uow.begin() as tx:
        teams.mark_uninstalled(tx, office.world.team_id, NOON)
    assert not office.opens(secret)


def test_an_admin_switches_the_api_off(office: Office) -> None:
    """No token opens anything and none is made; switched on again, those there are go on."""
    secret = office.make()
    for is_on in (False, True):
        with office.world.uow.begin() as tx:
            teams.save_settings(tx, office.world.team_id, TeamSettings(api_tokens=is_on))
        if is_on:
            assert office.opens(secret)
            continue
        with pytest.raises(ApiSwitchedOff):
            office.tokens.bearer(secret, NOON)
        with pytest.raises(ApiSwitchedOff):
            office.make()


def test_tokens_go_with_the_erased(office: Office) -> None:
    """And what is handed out about somebody names their tokens, not what opens."""
    secret = office.make()
    data = PersonData(office.world.uow, office.world.new_marker())
    (who,) = data.find(SlackUserId("U0ANA"))
    rows = [row for name, row in data.rows(who) if name == "api_token"]
    assert [row["name"] for row in rows] == ["sheet"]
    assert not any("sealed" in name for name in rows[0])
    data.erase(who, NOON, with_time=False)
    assert not office.opens(secret)
