"""Which provider account is probably whose: by e-mail, else by name as a weak hint.

Everything here is a lookup in a dictionary or a comparison within a bounded handful, so that
thousands of people against thousands of accounts take a fraction of a second. Where two people or
two accounts could be meant, nobody is suggested: a person picks.
"""

import heapq
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from bot.domain.ids import MemberId, ProviderAccountId
from bot.domain.people.account_links import Account, Strength, Suggestion, ascii_lower

_KEPT = 700
"""Characters of a name's words that are kept; some letters become several."""
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


class Named(NamedTuple):
    """A member, or a provider account, as far as its name and address tell who it is."""

    id: int
    words: str
    """``words_of`` its name, with blanks between."""
    email: str | None
    """As ``ascii_lower`` leaves it. A member's as Slack verified it."""
    is_verified: bool = False
    """The provider vouches for the address."""


def suggest(people: Sequence[Named], accounts: Sequence[Named]) -> dict[MemberId, Suggestion]:
    """The account suggested to each person, where one is.

    Args:
        people: Who has no account yet.
        accounts: The active ones that are nobody's.
    """
    by_address = _by_address(people, accounts)
    claimed = {suggestion.account_id for suggestion in by_address.values()}
    mine = [(one.id, tuple(one.words.split())) for one in people if one.id not in by_address]
    theirs = [(one.id, tuple(one.words.split())) for one in accounts if one.id not in claimed]
    return by_address | _by_name(mine, theirs)


def by_email(email: str | None, accounts: Sequence[Account]) -> Suggestion | None:
    """The account with this address, among those given: a verified one before all others."""
    wanted = ascii_lower(email or "")
    same = [
        Named(one.id, "", wanted, one.email_is_verified)
        for one in accounts
        if wanted and one.is_active and ascii_lower(one.email or "") == wanted
    ]
    return _the_one(same)


def _the_one(same: Sequence[Named]) -> Suggestion | None:
    verified = [one for one in same if one.is_verified]
    if len(verified) == 1:
        return Suggestion(ProviderAccountId(verified[0].id), Strength.VERIFIED_EMAIL)
    if len(same) == 1:
        return Suggestion(ProviderAccountId(same[0].id), Strength.EMAIL)
    return None


def _by_address(people: Sequence[Named], accounts: Sequence[Named]) -> dict[MemberId, Suggestion]:
    here = Counter(one.email for one in people if one.email)
    there: dict[str, list[Named]] = {}
    for account in accounts:
        if account.email in here:
            there.setdefault(account.email or "", []).append(account)
    return {
        MemberId(one.id): found
        for one in people
        if one.email
        and here[one.email] == 1
        and (found := _the_one(there.get(one.email, ()))) is not None
    }


def _by_name(mine: "list[Words]", theirs: "list[Words]") -> dict[MemberId, Suggestion]:
    found: dict[int, int] = {}
    for key in (_all_words, _first_and_last, _begun_last, _initial_last, _initial_first):
        pairs = _only_ones(mine, theirs, key)
        if pairs:
            found |= pairs
            taken = set(pairs.values())
            mine = [one for one in mine if one[0] not in pairs]
            theirs = [one for one in theirs if one[0] not in taken]
    found |= _most_similar(mine, theirs)
    return {
        MemberId(who): Suggestion(ProviderAccountId(account), Strength.NAME)
        for who, account in found.items()
    }


Parts = tuple[str, ...]
Words = tuple[int, Parts]
"""An id and the words of its name."""


def words_of(name: str) -> Parts:
    """A name's words, without case, accents and punctuation: what two spellings share."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_SPELLED)
    return tuple("".join(c if c.isalnum() else " " for c in bare).split())


def spelled(name: str) -> str:
    """A name's words with blanks between, as they are kept to be searched and compared."""
    return " ".join(words_of(name))[:_KEPT]


def _all_words(words: Parts) -> Parts:
    return tuple(sorted(words))


def _first_and_last(words: Parts) -> Parts:
    return (words[0], words[-1]) if len(words) > 1 else ()


def _begun_last(words: Parts) -> Parts:
    """``Eve Novak`` and ``Evelyn Novak``."""
    short = words[0][:_BEGUN] if words else ""
    return (short, words[-1]) if len(words) > 1 and len(short) == _BEGUN else ()


def _initial_last(words: Parts) -> Parts:
    """``Mia K`` and ``Mia Keller``."""
    return (words[0], words[-1][0]) if len(words) > 1 and len(words[0]) > 1 else ()


def _initial_first(words: Parts) -> Parts:
    """``M. Keller`` and ``Mia Keller``; ``mkeller`` too."""
    if len(words) > 1:
        return (words[0][0] + words[-1],) if len(words[-1]) > 1 else ()
    return words


def _only_ones(
    mine: Sequence[Words], theirs: Sequence[Words], key: Callable[[Parts], Parts]
) -> dict[int, int]:
    """Pairs of which each side is the only one with its key."""
    people: dict[Parts, Words | None] = {}
    for one in mine:
        shared = key(one[1])
        people[shared] = None if shared in people else one
    people.pop((), None)
    accounts: dict[Parts, Words | None] = {}
    for one in theirs:
        shared = key(one[1])
        if shared in people:
            accounts[shared] = None if shared in accounts else one
    return {
        owner[0]: account[0]
        for shared, account in accounts.items()
        if account is not None
        and (owner := people[shared]) is not None
        and _may_be_one(owner[1], account[1])
    }


def _may_be_one(one: Parts, other: Parts) -> bool:
    """False for two names written out in full that differ: Max Keller is not Mia Keller."""
    if 1 in {len(one), len(other)} or _all_words(one) == _all_words(other):
        return True
    return _short_for(one[0], other[0]) and _short_for(one[-1], other[-1])


def _short_for(one: str, other: str) -> bool:
    """One word is the other, its initial, or its beginning."""
    short, long = sorted((one, other), key=len)
    return short == long or len(short) == 1 or (len(short) >= _BEGUN and long.startswith(short))


def _most_similar(mine: Sequence[Words], theirs: Sequence[Words]) -> dict[int, int]:
    """Pairs that share a rare word and are clearly most alike, each the other's best."""
    wanted = {word for _, words in mine for word in words}
    by_word: dict[str, list[int]] = {}
    names: dict[int, Parts] = {}
    for account, words in theirs:
        for word in wanted.intersection(words):
            by_word.setdefault(word, []).append(account)
            names[account] = words
    pairs: dict[int, frozenset[str]] = {}
    best: dict[int, list[tuple[float, int]]] = {}
    for person, words in mine:
        shared = (by_word.get(word, ()) for word in set(words))
        near = {account for some in shared if len(some) <= _RARE for account in some}
        if not near:
            continue
        for account in near - pairs.keys():
            pairs[account] = _letter_pairs(names[account])
        own = _letter_pairs(words)
        ranked = sorted(((_alike(own, pairs[a]), a) for a in near), reverse=True)[:2]
        if ranked[0][0] >= _ALIKE and _is_clear([score for score, _ in ranked]):
            best.setdefault(ranked[0][1], []).append((ranked[0][0], person))
    found: dict[int, int] = {}
    for account, claims in best.items():
        claims.sort(reverse=True)
        if _is_clear([score for score, _ in claims]):
            found[claims[0][1]] = account
    return found


def _is_clear(scores: Sequence[float]) -> bool:
    return len(scores) == 1 or scores[0] - scores[1] >= _CLEARLY


def _letter_pairs(words: Parts) -> frozenset[str]:
    return frozenset(
        word[at : at + 2] for one in words for word in [f" {one} "] for at in range(len(word) - 1)
    )


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's coefficient: 1 for the same pairs of letters, 0 for none in common."""
    return 2 * len(one & other) / ((len(one) + len(other)) or 1)


def nearest_first(name: str, accounts: Sequence[Account], limit: int) -> list[Account]:
    """At most ``limit`` accounts: those whose names are like the name first, then by alphabet."""
    own = _letter_pairs(words_of(name))

    def rank(account: Account) -> tuple[float, str, int]:
        words = words_of(account.name)
        likeness = _alike(own, _letter_pairs(words)) if own else 0.0
        return (-likeness if likeness >= _HINT else 0.0, " ".join(words), account.id)

    return heapq.nsmallest(limit, accounts, key=rank)
