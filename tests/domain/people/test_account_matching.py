from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import MemberId, ProviderAccountId
from bot.domain.people.account_links import Account, Strength, Suggestion, ascii_lower, same_address
from bot.domain.people.account_matching import Named, nearest_first, spelled, words_of
from bot.domain.people.account_matching import suggest as matched
from tests.processor import seconds_of

NAMES = st.text(alphabet="abcdeéßñ .-'", max_size=9) | st.sampled_from(
    ["Mia Keller", "Keller, Mia", "Mia K", "M. Keller", "MIA KELLER", "Max Keller", ""]
)
EMAILS = st.none() | st.sampled_from(["a@x.test", "A@X.test", "b@x.test", "c@x.test"])


def someone(number: int, name: str, email: str | None = None) -> Named:
    """A member."""
    return Named(number, spelled(name), ascii_lower(email or ""))


def suggest(
    people: list[Named], accounts: list[Account], held: Collection[int] = ()
) -> dict[MemberId, Suggestion]:
    """What is suggested where these accounts are held."""
    free = [
        Named(one.id, spelled(one.name), ascii_lower(one.email or ""), one.email_is_verified)
        for one in accounts
        if one.is_active and one.id not in held
    ]
    return matched(people, free)


def account(
    number: int, name: str, email: str | None = None, *, verified: bool = True, active: bool = True
) -> Account:
    """An account of the provider."""
    return Account(ProviderAccountId(number), name, email, verified and bool(email), active)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("Ana Ruiz", "Ruiz, Ana"),
        ("Ana Ruiz", "ana ruiz"),
        ("José Ángel Núñez", "Jose Angel Nunez"),
        ("Søren Ægir", "Soren Aegir"),
        ("Mia Keller", "Mia K"),
        ("Mia Keller", "M. Keller"),
        ("Mia Keller", "mkeller"),
        ("Mia Anna Keller", "Mia Keller"),
        ("Eve Novak", "Evelyn Novak"),
        ("Katharina Schneider", "Katarina Schneider"),
        ("李小龙", "李小龙"),
    ],
)
def test_spellings_of_one_name(here: str, there: str) -> None:
    """Order, case, accents, initials, middle names and small slips do not hide a person."""
    others = [account(2, "Bob Stone"), account(3, "Ines Vega")]
    found = suggest([someone(1, here)], [account(1, there), *others])
    assert found[MemberId(1)].account_id == 1
    assert found[MemberId(1)].strength is Strength.NAME


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("Max Keller", "Mia Keller"),
        ("Mia Koch", "Mia Keller"),
        ("Mia", "Bob"),
        ("...", "..."),
        ("", ""),
    ],
)
def test_different_people(here: str, there: str) -> None:
    """Brothers, namesakes by first name, and no name at all are nobody's hint."""
    assert suggest([someone(1, here)], [account(1, there)]) == {}


def test_two_of_a_name_are_left_to_a_person() -> None:
    """Never the first of several, on either side."""
    twice = [account(1, "Ana Ruiz"), account(2, "Ana Ruiz")]
    assert suggest([someone(1, "Ana Ruiz")], twice) == {}
    assert suggest([someone(1, "Ana Ruiz"), someone(2, "Ana Ruiz")], twice[:1]) == {}


def test_an_address_beats_a_name() -> None:
    """Who has the address gets the account, though somebody else has its name."""
    accounts = [account(1, "Ben Stone", "mia@x.test")]
    people = [someone(1, "Ben Stone", "ben@x.test"), someone(2, "Mia Keller", "MIA@x.test")]
    found = suggest(people, accounts)
    assert {who: one.strength for who, one in found.items()} == {2: Strength.VERIFIED_EMAIL}


def test_a_verified_address_comes_before_a_typed_one() -> None:
    """Two accounts show the address: the one the provider vouches for is meant."""
    accounts = [account(1, "X", "a@x.test", verified=False), account(2, "Y", "a@x.test")]
    assert suggest([someone(1, "Z", "a@x.test")], accounts)[MemberId(1)].account_id == 2
    found = suggest([someone(1, "Z", "a@x.test")], accounts[:1])
    assert found[MemberId(1)].strength is Strength.EMAIL
    both = [account(1, "X", "a@x.test"), account(2, "Y", "a@x.test")]
    assert suggest([someone(1, "Z", "a@x.test")], both) == {}


PEOPLE = st.lists(st.tuples(NAMES, EMAILS), max_size=8)
ACCOUNTS = st.lists(st.tuples(NAMES, EMAILS, st.booleans(), st.booleans()), max_size=8)


@given(people=PEOPLE, accounts=ACCOUNTS, held=st.sets(st.integers(0, 7)))
def test_what_always_holds(
    people: list[tuple[str, str | None]],
    accounts: list[tuple[str, str | None, bool, bool]],
    held: set[int],
) -> None:
    """Nobody's, no inactive and no twice-suggested account; strong only with equal addresses."""
    there = [
        account(n, name, email, verified=verified, active=active)
        for n, (name, email, verified, active) in enumerate(accounts)
    ]
    here = [someone(n, name, email) for n, (name, email) in enumerate(people)]
    found = suggest(here, there, held)
    ids = [one.account_id for one in found.values()]
    assert len(ids) == len(set(ids))
    assert not set(ids) & held
    for who, one in found.items():
        chosen, person = there[one.account_id], here[who]
        assert chosen.is_active
        strong = same_address(person.email, chosen.email)
        assert (one.strength in {Strength.VERIFIED_EMAIL, Strength.EMAIL}) <= strong
        assert (one.strength is Strength.VERIFIED_EMAIL) <= chosen.email_is_verified
    assert suggest(here[::-1], there[::-1], held) == found


@given(st.text())
def test_words_of_any_name(name: str) -> None:
    """Any text has words, and reading them again changes nothing."""
    words = words_of(name)
    assert all(words)
    assert nearest_first(name, [account(1, name)], 5) == [account(1, name)]


@given(st.emails())
def test_addresses_differ_only_by_ascii_case(email: str) -> None:
    """Case does not matter; other letters that fold to the same do."""
    assert same_address(email, ascii_lower(email.upper())) or not email.isascii()
    assert not same_address(email, None)
    assert not same_address("mik@x.test", "mi\u212a@x.test")


@pytest.mark.parametrize("name", ["Person {0}", "Ana {0} Contractor", "p{0}", "Ana Ruiz"])
def test_five_thousand_against_five_thousand(name: str) -> None:
    """Even where everybody shares a word, or the whole name, it takes well under a second."""
    people = [someone(n, name.format(n), f"u{n}@x.test" if n % 2 else None) for n in range(5000)]
    accounts = [Named(n, spelled(name.format(n + 7)), f"u{n}@x.test") for n in range(5000)]
    assert seconds_of(lambda: matched(people, accounts)) < 1
