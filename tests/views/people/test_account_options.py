"""Accounts that a searching select offers."""

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import ProviderAccountId
from bot.domain.people.account_links import Account, AccountsFound
from bot.views.people import account_options
from bot.views.people import form as people_form
from handlers.acks import in_lookup_ack
from handlers.replies import Choices
from playground.rules import check_options
from tests.views.people.samples import LONG


@given(st.none() | st.text(max_size=40) | st.emails())
def test_an_address_in_a_members_list_is_masked(email: str | None) -> None:
    """Enough to tell namesakes apart, too little to write to."""
    shown = account_options.masked(email)
    assert not shown or (email is not None and len(shown.split("@")[0]) <= 2)
    assert account_options.masked("mia@acme.test") == "m\u2026@acme.test"


def test_lists_of_accounts_keep_to_what_slack_takes() -> None:
    """99 of 5,000 with a heading that says so, whatever their names and addresses."""
    accounts = tuple(
        Account(ProviderAccountId(n), LONG, f"{'m' * 300}@x.test", email_is_verified=False)
        for n in range(99)
    )
    found = AccountsFound(accounts, 5000)
    for groups in (
        account_options.options("12:3", found),
        people_form.account_options(found, typed=False),
        people_form.account_options(found, typed=True),
        people_form.account_options(AccountsFound((), 0), typed=True),
    ):
        answer = dict(in_lookup_ack(Choices(groups=groups)))
        check_options(answer)
    assert account_options.options("12:3", found)[0].label == "99 of 5,000: type more of the name"
    assert account_options.options("12:3", found)[0].options[7].value == "12:3:7"
    some = AccountsFound(accounts[:94], 94, accounts[94:])
    groups = account_options.options("12:3", some)
    check_options(dict(in_lookup_ack(Choices(groups=groups))))
    assert "Somebody else is connected" in groups[1].label
    assert [option.value for option in groups[1].options] == [f"12:3:{n}" for n in range(94, 99)]
    alone = account_options.options("12:3", AccountsFound((), 0, accounts[:1]))
    assert [len(group.options) for group in alone] == [1]
