"""What people read about connecting accounts; all of it within Slack's limits."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import (
    AccountLinkId,
    IntegrationId,
    MemberId,
    ProviderAccountId,
    SlackUserId,
    TeamId,
)
from bot.domain.people.account_links import (
    Account,
    AccountLink,
    AccountsFound,
    Answer,
    Candidate,
    Decided,
    Decision,
    Ended,
    Invited,
    Person,
    Reply,
    Site,
    Skipped,
    SkipReason,
    Standing,
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
from bot.integrations.registry import Registry
from bot.views.message import Message, Modal, escaped
from bot.views.people import accounts as people
from bot.views.people import approvals, batches
from bot.views.people import asked as people_asked
from bot.views.people import draft as people_draft
from bot.views.people import form as people_form
from bot.views.people import listing as people_list
from bot.views.people import place as people_place
from bot.views.people import standing as people_standing
from bot.views.people.draft import MOST_PICKS, Draft
from bot.views.people.place import Place
from handlers.acks import in_lookup_ack
from handlers.replies import Choices
from playground.rules import check_message, check_options, check_view

FACES = {descriptor.slug: descriptor for descriptor in Registry.load().descriptors()}
AT = datetime(2026, 11, 28, 23, 30, tzinfo=UTC)
SITE = Site(IntegrationId(3), "redmine", "redmine.acme.test", writes_time=True, is_connected=True)
MIA = Person(MemberId(5), SlackUserId("U0MIA"), "Mia Keller", "Europe/Berlin", False, True)  # noqa: FBT003
LINK = AccountLink(
    id=AccountLinkId(12),
    team_id=TeamId("T0ACME"),
    person=MIA,
    site=SITE,
    account=Account(ProviderAccountId(9), "Mia K", "mia@acme.test", email_is_verified=True),
    state=AccountLinkState.INVITED,
    proof=None,
    chosen_by_admin=False,
    request=3,
    asked_by="Ana Ruiz",
    asked_at=AT,
    expires_at=AT,
    decided_by=None,
    decided_at=None,
    unreachable=None,
)
BARE = replace(LINK, account=None)
LONG = "<!channel> & *" + "\u00e9" * 255
MONSTER = replace(
    LINK,
    person=replace(MIA, name=LONG, zone="Mars/Base"),
    site=replace(SITE, provider="uninstalled", name=LONG),
    account=Account(ProviderAccountId(9), LONG, f"{'m' * 250}@acme.test", email_is_verified=False),
    asked_by=LONG,
    decided_by=LONG,
    decided_at=AT,
    unreachable="user_disabled" * 7,
)


def sound(message: Message) -> Message:
    """The message, if Slack would take it and a screen reader can do without its blocks."""
    check_message(list(message.blocks), message.text)
    assert len(message.text) < 10_000
    assert "<!channel>" not in message.text
    return message


def sound_form(modal: Modal) -> Modal:
    """The form, if Slack would take it."""
    check_view(modal.as_view(), "modal")
    assert "<!channel>" not in str([block["text"] for block in modal.blocks if "text" in block])
    return modal


def buttons(message: Message) -> dict[str, str]:
    """The buttons' words and what they carry."""
    return {
        element["text"]["text"]: element["value"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    }


def test_the_request_as_the_product_words_it() -> None:
    """Who asks, which tool and account, what it allows, until when in the member's own zone."""
    message = sound(people.invitation(LINK, FACES))
    assert message.text == (
        "Ana Ruiz asks you to connect your *Redmine* account *Mia K* (mia@acme.test, "
        "redmine.acme.test) to Hourlink. Then you can track time on the tasks you see there; your "
        "tracked time is written to their worklogs. Expires on 29 Nov."
    )
    assert buttons(message) == {"Connect": "12:3", "Not me": "12:3", "Decline": "12:3"}


def test_the_request_without_a_suggestion() -> None:
    """No account is named, so there is nothing to confirm: the first button chooses."""
    message = sound(people.invitation(BARE, FACES))
    assert "your *Redmine* account (redmine.acme.test)" in message.text
    assert list(buttons(message)) == ["Choose my account", "Decline"]


def test_only_what_will_happen_is_promised() -> None:
    """Write-back off, or a tool that keeps no time: nothing is said about worklogs."""
    off = replace(LINK, site=replace(SITE, writes_time=False))
    unknown = replace(LINK, site=replace(SITE, provider="uninstalled"))
    for link in (off, unknown):
        assert "worklogs" not in people.invitation(link, FACES).text
    assert "*uninstalled* account" in people.invitation(unknown, FACES).text


@pytest.mark.parametrize("link", [LINK, BARE, MONSTER], ids=["plain", "bare", "monster"])
@pytest.mark.parametrize("reply", list(Reply))
def test_every_answer_has_its_message(link: AccountLink, reply: Reply) -> None:
    """Whatever came of a click, the message says it, and how to go on."""
    message = sound(people.answer(Answer(link, reply, renewed=True), FACES))
    assert len(message.blocks) <= 5
    if reply not in {Reply.CONNECTED, Reply.SITE_GONE, Reply.CHOOSE}:
        assert buttons(message) or reply is Reply.HELD


def test_connecting_succeeds_clearly() -> None:
    """The sample of the product, with the next step."""
    link = replace(LINK, state=AccountLinkState.CONNECTED)
    message = people.answer(Answer(link, Reply.CONNECTED), FACES)
    assert message.text.startswith("Connected: ")
    assert "*Mia K* (redmine.acme.test). Try `/track start`" in message.text
    (row,) = [block for block in message.blocks if block["type"] == "actions"]
    assert [one["action_id"] for one in row["elements"]] == ["track.search"]


def test_a_fresh_request_says_that_it_is_one() -> None:
    """After an old or expired button, the same text with a word about why."""
    message = people.answer(Answer(LINK, Reply.ASK, renewed=True), FACES)
    assert message.text.startswith(people.FRESH)
    assert people.reminder(LINK, FACES).text.startswith("A reminder")


def test_what_was_contested_is_not_offered_again() -> None:
    """*It is Mia K after all* makes sense after *Not me*, not when somebody else has it."""
    assert "It is Mia K after all" in buttons(people.choose(LINK, FACES))
    held = people.answer(Answer(LINK, Reply.HELD), FACES)
    assert list(buttons(held)) == ["Sign in with your own key", "Decline"]


@pytest.mark.parametrize("state", list(AccountLinkState))
@pytest.mark.parametrize("decision", list(Decision))
def test_every_decision_has_its_message(state: AccountLinkState, decision: Decision) -> None:
    """The question, or what happened instead, for admins."""
    for link in (LINK, BARE, MONSTER):
        for decided_by in (None, "Ana Ruiz"):
            there = replace(link, state=state, decided_by=decided_by, decided_at=AT)
            message = sound(approvals.decided(Decided(there, decision), FACES))
            assert bool(buttons(message)) == (decision is Decision.OUTDATED)


def test_the_second_admin_reads_who_decided() -> None:
    """Approved by whom, refused by whom; what proved itself needed nobody."""
    there = replace(LINK, decided_by="Ana Ruiz", decided_at=AT)
    approved = replace(there, state=AccountLinkState.CONNECTED, proof=Proof.ADMIN)
    assert approvals.settled(approved, FACES).text.startswith("Approved by Ana Ruiz, <!date^")
    assert approvals.settled(there, FACES).text.startswith("Refused by Ana Ruiz, ")
    alone = replace(approved, proof=Proof.EMAIL, decided_by="Mia Keller")
    assert approvals.settled(alone, FACES).text.startswith("Connected without an approval")


def test_the_other_messages_to_members_and_admins() -> None:
    """Approved, refused, disconnected, contested: each whole by itself."""
    for link in (LINK, BARE, MONSTER):
        for say in (
            *(people.approved, people.refused, people.ended_by_admin, approvals.question),
            *(people.account_gone, people.account_switched_off),
        ):
            sound(say(link, FACES))
        sound(people.ended(Ended(link, 1), FACES))
        for holder in (None, "Ben"):
            sound(approvals.contested(link, link.account, holder, FACES))


def test_where_one_stands() -> None:
    """A row for each site with the button that fits; beyond what fits, how to see the rest."""
    states: list[AccountLinkState | None] = [None, *AccountLinkState]
    plain = replace(SITE, provider="uninstalled")
    found = [Standing(plain, replace(LINK, state=s) if s else None) for s in states]
    message = sound(people_standing.standings(found, FACES))
    labels = [block["accessory"]["text"]["text"] for block in message.blocks]
    assert labels == ["Connect", "Connect", "Show", "Disconnect", *["Connect"] * 4]
    many = sound(people_standing.standings(found * 12, FACES))
    assert "And 74 more" in many.text
    sound_form(people.in_form(message))


def test_keys_of_ones_own_are_offered_where_a_tool_has_them() -> None:
    """While choosing, while waiting, and once connected; gone again when one is kept."""
    offered = ("Sign in with your own key", "Use your own key", "Forget your key")

    def labels(message: Message) -> list[str]:
        return [label for label in buttons(sound(message)) if label in offered]

    assert labels(people.choose(LINK, FACES)) == ["Sign in with your own key"]
    assert labels(people.waiting(LINK, FACES)) == ["Sign in with your own key"]
    connected = replace(LINK, state=AccountLinkState.CONNECTED)
    for link, label in (
        (connected, "Use your own key"),
        (replace(connected, has_own_key=True), "Forget your key"),
        (None, "Sign in with your own key"),
    ):
        assert labels(people_standing.standings([Standing(SITE, link)], FACES)) == [label]
    without = replace(LINK, site=replace(SITE, provider="uninstalled"))
    assert labels(people.choose(without, FACES)) == []


@given(st.none() | st.text(max_size=40) | st.emails())
def test_an_address_in_a_members_list_is_masked(email: str | None) -> None:
    """Enough to tell namesakes apart, too little to write to."""
    shown = people.masked(email)
    assert not shown or (email is not None and len(shown.split("@")[0]) <= 2)
    assert people.masked("mia@acme.test") == "m\u2026@acme.test"


def test_lists_of_accounts_keep_to_what_slack_takes() -> None:
    """99 of 5,000 with a heading that says so, whatever their names and addresses."""
    accounts = tuple(
        Account(ProviderAccountId(n), LONG, f"{'m' * 300}@x.test", email_is_verified=False)
        for n in range(99)
    )
    found = AccountsFound(accounts, 5000)
    for groups in (
        people.options("12:3", found),
        people_form.account_options(found, typed=False),
        people_form.account_options(found, typed=True),
        people_form.account_options(AccountsFound((), 0), typed=True),
    ):
        answer = dict(in_lookup_ack(Choices(groups=groups)))
        check_options(answer)
    assert people.options("12:3", found)[0].label == "99 of 5,000: type more of the name"
    assert people.options("12:3", found)[0].options[7].value == "12:3:7"


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
    assert "*Everyone who can be asked: 80.* 1 of them are left out here." in text
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
