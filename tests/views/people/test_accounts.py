"""What people read about connecting accounts; all of it within Slack's limits."""

from dataclasses import replace

import pytest

from bot.domain.ids import ProviderAccountId
from bot.domain.people.account_links import (
    Account,
    AccountLink,
    Answer,
    Decided,
    Decision,
    Ended,
    Reply,
    Standing,
)
from bot.domain.states import AccountLinkState, Proof
from bot.views.message import Message
from bot.views.people import accounts as people
from bot.views.people import approvals
from bot.views.people import standing as people_standing
from tests.views.people.samples import (
    AT,
    BARE,
    FACES,
    LINK,
    MONSTER,
    SITE,
    buttons,
    sound,
    sound_form,
)


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
    other = Account(ProviderAccountId(9), "Mia <K>", None, email_is_verified=False)
    named = people.answer(Answer(LINK, Reply.HELD, held=other), FACES)
    assert named.text.startswith("Somebody else is connected with *Mia &lt;K&gt;*, and an account")


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
            *(
                people.approved,
                people.refused,
                people.taken,
                people.ended_by_admin,
                approvals.question,
            ),
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
    """While choosing, while waiting, and once connected; another one where one is kept."""
    offered = (
        "Sign in with your own key",
        "Use your own key",
        "Use a new key",
        "Forget your key",
    )

    def labels(message: Message) -> list[str]:
        return [label for label in buttons(sound(message)) if label in offered]

    assert labels(people.choose(LINK, FACES)) == ["Sign in with your own key"]
    assert labels(people.waiting(LINK, FACES)) == ["Sign in with your own key"]
    connected = replace(LINK, state=AccountLinkState.CONNECTED)
    for link, *those in (
        (connected, "Use your own key"),
        (replace(connected, has_own_key=True), "Use a new key", "Forget your key"),
        (None, "Sign in with your own key"),
    ):
        assert labels(people_standing.standings([Standing(SITE, link)], FACES)) == those
    without = replace(LINK, site=replace(SITE, provider="uninstalled"))
    assert labels(people.choose(without, FACES)) == []
