"""What people read about connecting accounts; all of it within Slack's limits."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.account_links import (
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
from bot.domain.ids import (
    AccountLinkId,
    IntegrationId,
    MemberId,
    ProviderAccountId,
    SlackUserId,
    TeamId,
)
from bot.domain.states import AccountLinkState, Proof
from bot.integrations.registry import Registry
from bot.views import approvals, people, people_form, people_standing, people_status
from bot.views.message import Message, Modal, escaped
from bot.views.people_form import Draft
from handlers.replies import Choices
from handlers.surfaces import in_lookup_ack
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
    assert not buttons(message)


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
        for say in (people.approved, people.refused, people.ended_by_admin, approvals.question):
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


@pytest.mark.parametrize("everyone", [True, False])
@pytest.mark.parametrize("page", [-1, 0, 7, 10_000])
def test_the_form_for_thousands(page: int, *, everyone: bool) -> None:
    """Twenty a page, never more blocks or bytes than Slack takes; other pages are clamped."""
    candidates = crowd(3000)
    draft = Draft(
        IntegrationId(3),
        page,
        everyone=everyone,
        users=tuple(candidate.person.slack_user_id for candidate in candidates[:200]),
        picks={MemberId(n): ProviderAccountId(10**7 + n) for n in range(1, 181)},
    )
    sites = [replace(SITE, id=IntegrationId(n), name=LONG) for n in range(1, 150)]
    picked = {account: MONSTER.account for account in draft.picks.values() if MONSTER.account}
    modal = sound_form(
        people_form.add_users(draft, sites, candidates, picked, FACES, note=escaped(LONG))
    )
    assert len(modal.metadata) <= 3000
    again = people_form.read_draft(modal.metadata)
    assert (again.integration_id, again.everyone, again.picks) == (3, everyone, draft.picks)
    assert 0 <= again.page <= 150


def test_the_form_says_who_select_all_means() -> None:
    """Guests, and who is connected, asked, waiting or declined, are left to be named."""
    candidates = crowd(80)
    able = sum(candidate.in_select_all for candidate in candidates)
    draft = Draft(IntegrationId(3))
    modal = people_form.add_users(draft, [SITE], candidates, {}, FACES)
    assert f"All who can be asked: {able}, " in str(modal.blocks)
    everyone = replace(draft, everyone=True)
    assert len(people_form.chosen(everyone, candidates)) == able
    shown = people_form.add_users(everyone, [SITE], candidates, {}, FACES)
    assert f"*Everyone who can be asked: {able}.*" in str(shown.blocks)
    strange = replace(draft, users=(SlackUserId("UBOT"),))
    told = people_form.add_users(strange, [SITE], candidates, {}, FACES)
    assert "1 of them is no person of this workspace" in str(told.blocks)


def test_a_row_says_why_an_account_is_suggested() -> None:
    """Same verified e-mail, same unverified one, or only a similar name; else they choose."""
    said = {}
    for strength in (*Strength, None):
        one = Candidate(MIA, None, LINK.account if strength else None, strength)
        draft = Draft(IntegrationId(3), users=(MIA.slack_user_id,))
        modal = people_form.add_users(draft, [SITE], [one], {}, FACES)
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
    message = sound(people_form.invited(found, FACES))
    assert message.text.startswith("Asked 1 person to connect to ")
    assert "P9 and 3 more." in message.text
    assert "No people of this workspace: 1." in message.text
    everything = tuple(Skipped(LONG, reason) for reason in SkipReason for _ in range(20))
    sound(people_form.invited(Invited(SITE, (), everything), FACES))
    sound_form(people_form.invited_form(found, FACES))


@pytest.mark.parametrize("page", [0, 3, 99])
def test_where_everybody_stands(page: int) -> None:
    """Twenty a page with every button there can be; who needs a person comes first."""
    links = [candidate.link for candidate in crowd(300) if candidate.link]
    for some in (links, [LINK], []):
        sound_form(people_status.status(SITE, some, page, FACES, note="Approved."))
    place = people_status.read_metadata(
        people_status.status(SITE, links, page, FACES, on_top=True).metadata
    )
    assert place is not None
    assert (place.integration_id, place.on_top) == (3, True)
    assert people_status.read_metadata("add|3|0|all|") is None
    calm = [replace(LINK, state=state) for state in AccountLinkState]
    troubled = replace(LINK, unreachable="cannot_dm_bot", state=AccountLinkState.CONNECTED)
    shown = str(people_status.status(SITE, [*calm, troubled], 0, FACES).blocks)
    assert shown.index("cannot_dm_bot") < shown.index("waiting for approval as")
