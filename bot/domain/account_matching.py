"""Which provider account is probably whose: by e-mail, else by name as a weak hint.

Everything here is a lookup in a dictionary or a comparison within a bounded handful, so that
thousands of people against thousands of accounts take a fraction of a second. Where two people or
two accounts could be meant, nobody is suggested: a person picks.
"""

import heapq
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.domain.account_links import Account, Strength, Suggestion, ascii_lower
from bot.domain.ids import MemberId, ProviderAccountId

Key = TypeVar("Key")

_RARE = 8
"""A word held by more accounts than this tells nobody apart."""
_ALIKE = 0.8
_BEGUN = 3
"""Letters of a first name that a short form has in common with it."""
_HINT = 0.3
"""How alike a name must be to come before the alphabet."""
_CLEARLY = 0.05
"""How far the most similar name must be ahead of the next."""

_SPELLED = str.maketrans(
    {
        "\u00f8": "o", "\u0142": "l", "\u0111": "d", "\u00f0": "d", "\u00fe": "th",
        "\u00e6": "ae", "\u0153": "oe", "\u0131": "i", "\u0127": "h", "\u0167": "t",
    }
)  # fmt: skip
"""Letters that Unicode does not take apart into a letter and an accent."""


@dataclass(frozen=True, slots=True)
class Someone:
    """A member without a connected account."""

    id: MemberId
    name: str
    email: str | None
    """As Slack verified it."""


def suggest(
    people: Iterable[Someone],
    accounts: Iterable[Account],
    *,
    held: Collection[ProviderAccountId] = (),
) -> dict[MemberId, Suggestion]:
    """The account suggested to each person, where one is.

    Args:
        people: Who has no account yet.
        accounts: The provider's people; inactive ones are never suggested.
        held: Accounts of people who are connected.
    """
    people = list(people)
    taken = set(held)
    free = [account for account in accounts if account.is_active and account.id not in taken]
    by_email = _by_email(people, free)
    claimed = {suggestion.account_id for suggestion in by_email.values()}
    nameless = [person for person in people if person.id not in by_email]
    by_name = _by_name(nameless, [account for account in free if account.id not in claimed])
    return by_email | by_name


def by_email(email: str | None, accounts: Sequence[Account]) -> Suggestion | None:
    """The account with this address, among those given: a verified one before all others."""
    if not email:
        return None
    same = [a for a in accounts if a.is_active and ascii_lower(a.email or "") == ascii_lower(email)]
    verified = [account for account in same if account.email_is_verified]
    if len(verified) == 1:
        return Suggestion(verified[0].id, Strength.VERIFIED_EMAIL)
    if len(same) == 1:
        return Suggestion(same[0].id, Strength.EMAIL)
    return None


def _by_email(people: Sequence[Someone], free: Sequence[Account]) -> dict[MemberId, Suggestion]:
    with_address = [account for account in free if account.email]
    there = _grouped(with_address, lambda account: ascii_lower(account.email or ""))
    here = _grouped([p for p in people if p.email], lambda p: ascii_lower(p.email or ""))
    return {
        owners[0].id: found
        for address, owners in here.items()
        if len(owners) == 1 and (found := by_email(address, there.get(address, ())))
    }


def _by_name(people: Sequence[Someone], free: Sequence[Account]) -> dict[MemberId, Suggestion]:
    mine = {person.id: words_of(person.name) for person in people}
    theirs = {account.id: words_of(account.name) for account in free}
    found: dict[MemberId, ProviderAccountId] = {}
    for key in (_all_words, _first_and_last, _begun_last, _initial_last, _initial_first):
        left = {who: words for who, words in mine.items() if who not in found}
        taken = set(found.values())
        open_ = {what: words for what, words in theirs.items() if what not in taken}
        found |= _only_ones(left, open_, key)
    left = {who: words for who, words in mine.items() if who not in found}
    taken = set(found.values())
    found |= _most_similar(left, {a: words for a, words in theirs.items() if a not in taken})
    return {who: Suggestion(account, Strength.NAME) for who, account in found.items()}


Words = tuple[str, ...]


def words_of(name: str) -> Words:
    """A name's words, without case, accents and punctuation: what two spellings share."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_SPELLED)
    return tuple("".join(c if c.isalnum() else " " for c in bare).split())


def _all_words(words: Words) -> Words:
    return tuple(sorted(words))


def _first_and_last(words: Words) -> Words:
    return (words[0], words[-1]) if len(words) > 1 else ()


def _begun_last(words: Words) -> Words:
    """``Eve Novak`` and ``Evelyn Novak``."""
    short = words[0][:_BEGUN] if words else ""
    return (short, words[-1]) if len(words) > 1 and len(short) == _BEGUN else ()


def _initial_last(words: Words) -> Words:
    """``Mia K`` and ``Mia Keller``."""
    return (words[0], words[-1][0]) if len(words) > 1 and len(words[0]) > 1 else ()


def _initial_first(words: Words) -> Words:
    """``M. Keller`` and ``Mia Keller``; ``mkeller`` too."""
    if len(words) > 1:
        return (words[0][0] + words[-1],) if len(words[-1]) > 1 else ()
    return words


def _only_ones(
    mine: Mapping[MemberId, Words],
    theirs: Mapping[ProviderAccountId, Words],
    key: Callable[[Words], Words],
) -> dict[MemberId, ProviderAccountId]:
    """Pairs of which each side is the only one with its key."""
    people = _grouped(mine.items(), lambda item: key(item[1]))
    accounts = _grouped(theirs.items(), lambda item: key(item[1]))
    return {
        owners[0][0]: accounts[shared][0][0]
        for shared, owners in people.items()
        if shared and len(owners) == 1 and len(accounts.get(shared, ())) == 1
        if _may_be_one(owners[0][1], accounts[shared][0][1])
    }


def _may_be_one(one: Words, other: Words) -> bool:
    """False for two names written out in full that differ: Max Keller is not Mia Keller."""
    if 1 in {len(one), len(other)} or _all_words(one) == _all_words(other):
        return True
    return _short_for(one[0], other[0]) and _short_for(one[-1], other[-1])


def _short_for(one: str, other: str) -> bool:
    """One word is the other, its initial, or its beginning."""
    short, long = sorted((one, other), key=len)
    return short == long or len(short) == 1 or (len(short) >= _BEGUN and long.startswith(short))


def _most_similar(
    mine: Mapping[MemberId, Words], theirs: Mapping[ProviderAccountId, Words]
) -> dict[MemberId, ProviderAccountId]:
    """Pairs that share a rare word and are clearly most alike, each the other's best."""
    by_word: dict[str, list[ProviderAccountId]] = defaultdict(list)
    for account, words in theirs.items():
        for word in set(words):
            by_word[word].append(account)
    pairs = {account: _letter_pairs(words) for account, words in theirs.items()}
    best: dict[ProviderAccountId, list[tuple[float, MemberId]]] = defaultdict(list)
    for person, words in mine.items():
        near = {a for w in set(words) if len(by_word[w]) <= _RARE for a in by_word[w]}
        own = _letter_pairs(words)
        ranked = sorted(((_alike(own, pairs[a]), a) for a in near), reverse=True)[:2]
        if ranked and ranked[0][0] >= _ALIKE and _is_clear([score for score, _ in ranked]):
            best[ranked[0][1]].append((ranked[0][0], person))
    found: dict[MemberId, ProviderAccountId] = {}
    for account, claims in best.items():
        claims.sort(reverse=True)
        if _is_clear([score for score, _ in claims]):
            found[claims[0][1]] = account
    return found


def _is_clear(scores: Sequence[float]) -> bool:
    return len(scores) == 1 or scores[0] - scores[1] >= _CLEARLY


def _letter_pairs(words: Words) -> frozenset[str]:
    return frozenset(
        word[at : at + 2] for one in words for word in [f" {one} "] for at in range(len(word) - 1)
    )


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's coefficient: 1 for the same pairs of letters, 0 for none in common."""
    return 2 * len(one & other) / ((len(one) + len(other)) or 1)


Item = TypeVar("Item")


def _grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    groups: dict[Key, list[Item]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return dict(groups)


def nearest_first(name: str, accounts: Sequence[Account], limit: int) -> list[Account]:
    """At most ``limit`` accounts: those whose names are like the name first, then by alphabet."""
    own = _letter_pairs(words_of(name))

    def rank(account: Account) -> tuple[float, str, int]:
        likeness = _alike(own, _letter_pairs(words_of(account.name))) if own else 0.0
        return (-likeness if likeness >= _HINT else 0.0, account.name.casefold(), account.id)

    return heapq.nsmallest(limit, accounts, key=rank)
