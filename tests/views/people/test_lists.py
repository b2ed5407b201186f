"""Adding people, and where everybody stands: lists of any length."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.ids import (
    AccountLinkId,
    IntegrationId,
    MemberId,
    ProviderAccountId,
    SlackUserId,
)
from bot.domain.people.account_links import (
    Account,
    AccountLink,
    Candidate,
    Invited,
    Skipped,
    SkipReason,
    Strength,
)
from bot.domain.people.add_users import NOT_ASKED, PAGE_SIZE, Hint, UsersPage, UsersQuery
from bot.domain.people.people_lists import (
    BatchAction,
    BatchDone,
    BatchPreview,
    Chosen,
    LeftAlone,
    PeoplePage,
    PeopleQuery,
    Shown,
)
from bot.domain.states import AccountLinkState, Proof
from bot.views.message import escaped
from bot.views.people import asked as people_asked
from bot.views.people import batches
from bot.views.people import draft as people_draft
from bot.views.people import form as people_form
from bot.views.people import listing as people_list
from bot.views.people import place as people_place
from bot.views.people.draft import MOST_PICKS, Draft
from bot.views.people.place import Place
from tests.views.people.samples import (
    FACES,
    LINK,
    LONG,
    MIA,
    MONSTER,
    SITE,
    sound,
    sound_form,
)


def crowd(size: int) -> list[Candidate]:
    """People in every state."""
    states: list[AccountLinkState | None] = [None, *AccountLinkState]
    made = []
    for number in range(size):
        state = states[number % len(states)]
        person = replace(
            MONSTER.person,
            id=MemberId(number + 1),
            slack_user_id=SlackUserId(f"U{number}"),
            is_guest=number % 7 == 0,
        )
        link = replace(MONSTER, state=state, person=person) if state else None
        strength = list(Strength)[number % 3]
        made.append(Candidate(person, link, MONSTER.account, strength))
    return made


def users_page(people: Sequence[Candidate], query: UsersQuery, **more: Any) -> UsersPage:  # noqa: ANN401
    """A page as the service gives it."""
    start = query.page * PAGE_SIZE
    told: dict[str, Any] = {
        "counts": dict(Counter(one.state for one in people)),
        "able": len(people),
        "hints": {},
        "strangers": 0,
    }
    return UsersPage(
        query,
        tuple(people[start : start + PAGE_SIZE]),
        len(people),
        **(told | more),
    )


@pytest.mark.parametrize("everyone", [True, False])
@pytest.mark.parametrize("page", [0, 7, 149])
def test_the_form_for_thousands(page: int, *, everyone: bool) -> None:
    """Twenty a page, never more blocks or bytes than Slack takes."""
    people = crowd(3000)
    users = tuple(one.person.slack_user_id for one in people[:200])
    query = UsersQuery(IntegrationId(3), users, everyone, page, Hint.VERIFIED_EMAIL, LONG[:100])
    picks = {MemberId(10**9 + n): ProviderAccountId(10**9 + n) for n in range(MOST_PICKS)}
    picks[MemberId(1)] = NOT_ASKED
    sites = [replace(SITE, id=IntegrationId(n), name=LONG) for n in range(1, 150)]
    picked = {account: MONSTER.account for account in picks.values() if MONSTER.account}
    modal = sound_form(
        people_form.add_users(
            Draft(query, picks),
            sites,
            users_page(people, query, strangers=2),
            picked,
            FACES,
            note=escaped(LONG),
        )
    )
    assert len(modal.metadata) <= 3000
    again = people_draft.read_draft(modal.metadata)
    assert again == Draft(replace(query, users=()), picks, turn=1)
    assert "2 of them are no person of this workspace" in str(modal.blocks)


@pytest.mark.parametrize("metadata", ["", "people|3", "add|3|0|all|", "add|3|0|all|what|0||"])
def test_metadata_of_another_form(metadata: str) -> None:
    """It is refused, not misread."""
    with pytest.raises(ValueError, match=r".*"):
        people_draft.read_draft(metadata)


def test_the_form_says_who_select_all_means() -> None:
    """How many, without whom, and how many the admin leaves out."""
    people = crowd(80)
    draft = Draft(UsersQuery(IntegrationId(3)))
    modal = people_form.add_users(draft, [SITE], users_page(people, draft.query), {}, FACES)
    assert "All who can be asked: 80, " in str(modal.blocks)
    query = replace(draft.query, everyone=True)
    picks = {people[0].person.id: NOT_ASKED}
    shown = people_form.add_users(
        Draft(query, picks),
        [SITE],
        users_page(people, query, hints={Hint.NAME: 30, Hint.NONE: 50}),
        {},
        FACES,
    )
    text = str(sound_form(shown).blocks)
    assert "*Everyone who can be asked: 80.* 1 of them is left out here." in text
    assert "Every suggestion (80)" in text
    assert "No account found (50)" in text


def test_a_row_says_why_an_account_is_suggested() -> None:
    """Same verified e-mail, same unverified one, or only a similar name; else they choose."""
    said = {}
    for strength in (*Strength, None):
        one = Candidate(MIA, None, LINK.account if strength else None, strength)
        draft = Draft(UsersQuery(IntegrationId(3), users=(MIA.slack_user_id,)))
        page = users_page([one], draft.query)
        modal = people_form.add_users(draft, [SITE], page, {}, FACES)
        (row,) = [b for b in modal.blocks if b.get("block_id") == "row:5"]
        said[strength] = row["text"]["text"]
    start = "*Mia Keller*: not asked yet. Suggested: Mia K (mia@acme.test), "
    assert said == {
        Strength.VERIFIED_EMAIL: f"{start}same verified e-mail.",
        Strength.EMAIL: f"{start}same e-mail, not verified there.",
        Strength.NAME: f"{start}similar name only.",
        None: "*Mia Keller*: not asked yet. They choose their account.",
    }


def test_what_notify_did() -> None:
    """How many were asked, and each reason with names; long lists say how many more."""
    skipped = [Skipped(f"P{n}", SkipReason.CONNECTED) for n in range(13)]
    skipped += [Skipped("Gus", SkipReason.GUEST), Skipped("", SkipReason.UNKNOWN)]
    found = Invited(SITE, (MemberId(1),), tuple(skipped))
    message = sound(people_asked.invited(found, FACES))
    assert message.text.startswith("Asked 1 person to connect to ")
    assert "P9 and 3 more." in message.text
    assert "No people of this workspace: 1." in message.text
    everything = tuple(Skipped(LONG, reason) for reason in SkipReason for _ in range(20))
    sound(people_asked.invited(Invited(SITE, (), everything), FACES))
    sound_form(people_asked.invited_form(found, FACES))


def people_page(links: Sequence[AccountLink], query: PeopleQuery, **more: Any) -> PeoplePage:  # noqa: ANN401
    """A page of the list as the service gives it."""
    start = query.page * 20
    counts = {Shown.ALL: len(links), query.shown: 1}
    sites = tuple(replace(SITE, id=IntegrationId(n), name=LONG) for n in range(3, 150))
    shown = tuple(links[start : start + 20])
    return PeoplePage(query, SITE, sites, shown, len(links), counts, 7, **more)


@pytest.mark.parametrize("page", [0, 3, 14])
@pytest.mark.parametrize("selection", [None, 8])
def test_where_everybody_stands(page: int, selection: int | None) -> None:
    """Twenty a page with every button, or tick box, there can be."""
    links = [
        replace(link, id=AccountLinkId(number), has_own_key=True, address_changed=True)
        for number, one in enumerate(crowd(330))
        if (link := one.link)
    ]
    for some in (links, [LINK], []):
        query = PeopleQuery(IntegrationId(3), Shown.LEFT, LONG[:100], page, selection, 99)
        found = people_page(some, query, ticked=frozenset({links[page * 20].id}), ticks=300)
        place = Place(query, on_top=True)
        modal = sound_form(people_list.people_list(found, place, FACES, note="Approved."))
        assert people_place.read(modal.metadata) == Place(replace(query, turn=100), on_top=True)
    assert people_place.read("add|3|0|all|") is None


@pytest.mark.parametrize(
    "metadata", ["people", "people|all|x|0|0|0|0|||", "people|none|1|0|0|0|0|||"]
)
def test_a_forged_place_in_the_list(metadata: str) -> None:
    """It is no place."""
    assert people_place.read(metadata) is None


def test_what_needs_a_look_is_said_in_the_row() -> None:
    """Not reached, left Slack, switched off there, addresses that differ now, a second account."""
    off = Account(ProviderAccountId(9), "Mia K", None, email_is_verified=False, is_active=False)
    link = replace(
        LINK,
        state=AccountLinkState.CONNECTED,
        proof=Proof.EMAIL,
        account=off,
        person=replace(MIA, is_active=False),
        unreachable="cannot_dm_bot",
        address_changed=True,
        slot=1,
    )
    query = PeopleQuery(IntegrationId(3))
    shown = str(people_list.people_list(people_page([link], query), Place(query), FACES).blocks)
    for said in (
        "*Mia Keller*, account 2: connected as Mia K",
        "cannot_dm_bot",
        "Deactivated in Slack.",
        "switched off in the tool",
        "differ now",
    ):
        assert said in shown


@pytest.mark.parametrize("action", BatchAction)
def test_what_a_batch_would_do_and_did(action: BatchAction) -> None:
    """Who, what follows, who is left alone and why; thousands of names fit."""
    found = BatchPreview(
        action,
        replace(SITE, name=LONG),
        tuple(replace(MONSTER, has_own_key=True) for _ in range(5000)),
        dict.fromkeys(LeftAlone, (LONG,) * 50),
        timers=2,
        keys=5000,
    )
    query = PeopleQuery(IntegrationId(3), words=LONG[:100], selection=9)
    place = Place(query, action=action, fingerprint=found.fingerprint)
    modal = sound_form(batches.preview(found, place, FACES, note=escaped(LONG)))
    assert people_place.read(modal.metadata) == place
    assert re.search(r"And 4,9\d\d more", str(modal.blocks))
    nobody = replace(found, affected=(), left={})
    assert sound_form(batches.preview(nobody, place, FACES)).submit is None
    assert "5,000 people" in batches.done(BatchDone(found, timers=2))
    fits = dict.fromkeys(BatchAction, 3)
    sound_form(batches.chosen(Chosen(SITE, 3, fits), place, FACES, note="Look again."))
    assert "Nothing can be done" in str(batches.chosen(Chosen(SITE, 3, {}), place, FACES).blocks)


def test_a_disconnect_says_what_happens_before_it_happens() -> None:
    """Timers are stopped and kept, keys destroyed, their time stays (U7)."""
    connected = replace(LINK, state=AccountLinkState.CONNECTED)
    found = BatchPreview(BatchAction.DISCONNECT, SITE, (connected,), {}, timers=1, keys=1)
    place = Place(PeopleQuery(IntegrationId(3)), action=BatchAction.DISCONNECT)
    text = str(batches.preview(found, place, FACES).blocks)
    assert "*Disconnect: 1 person*" in text
    assert "1 running timer is stopped and kept." in text
    assert "1 key of their own is destroyed." in text
    assert "their time stays" in text
