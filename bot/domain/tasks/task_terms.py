"""What a task is found by: its words, folded and apart, as both databases index them.

A *term* is what the index knows and a search asks for. Terms are made here and nowhere else, so
that both databases find the same.

- Accents, case and width are folded: ``Übergröße`` is ``ubergrosse``.
- ``WEB-12`` and ``sign-in`` are found by their parts and as one: ``web``, ``12``, ``web12``.
- Scripts that put no spaces between words (Chinese, Japanese, Thai) are indexed by pairs of
  characters, so that any part of a sentence finds it.
- An emoji is a term of its own.

Terms that no typed word can make say where a task is (``#17``) and whose it is (``@...``).
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b

from bot.domain.values import dataclass

LONGEST_TERM = 40
MOST_TERMS = 400
"""Of one task; a title has room for 500 characters."""
MOST_WORDS = 12
"""Of one search; what stands behind them is not looked at."""

_JOINED_MOST = 24
_UNDECOMPOSED = str.maketrans(
    {
        "\u0131": "i",  # dotless i
        "\u0142": "l",
        "\u00f8": "o",
        "\u0111": "d",
        "\u00f0": "d",
        "\u00fe": "th",
        "\u00e6": "ae",
        "\u0153": "oe",
        "\u0640": "",  # the Arabic stroke that only stretches a word
    }
)
_FOLDED_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20f0\ufe00-\ufe0f\ufe20-\ufe2f]"
)
"""Accents of Latin, Greek and Cyrillic; points of Hebrew and Arabic; what varies an emoji.

Not the marks of Japanese, U+3099 and U+309A: ka and ga are not the same letter.
"""
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Japanese and Chinese
    "\U00020000-\U0003ffff]+"
)
_PLAIN = re.compile("[a-z0-9]+")
"""A run in ASCII, which holds no symbol that stands alone."""
_LETTERS = re.compile("[a-z]{3,}")
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff]")


@dataclass(frozen=True, slots=True)
class SearchWord:
    """One typed word: a task fits when it has terms that begin like all parts, or like the whole.

    A part is a prefix, unless it is a pair of characters of a script without spaces.
    """

    parts: tuple[str, ...]
    whole: str = ""
    """The parts in one, where the word was typed with something between them: ``web12``."""


def index_terms(
    *,
    key: str,
    title: str,
    provider_project_id: int,
    integration_id: int,
    assignee_ids: Iterable[str],
) -> str:
    """Every term of a task, with single spaces between."""
    terms = dict.fromkeys([source_term(provider_project_id)])
    for assignee in assignee_ids:
        terms[owner_term(integration_id, assignee)] = None
    text = f"{key} {title}"
    for word in text.lower().split() if text.isascii() else map(fold, text.split()):
        if not word.isascii():
            parts = list(_parts(word))
            terms.update(dict.fromkeys(term for part in parts for term in _indexed(part)))
        elif word.isalnum():  # most words: there is nothing to take apart
            terms[word[:LONGEST_TERM]] = None
            continue
        else:
            parts = _PLAIN.findall(word)
            for part in parts:
                terms[part[:LONGEST_TERM]] = None
        if whole := _whole(parts):
            terms[whole] = None
    return " ".join(list(terms)[:MOST_TERMS])


def search_words(text: str) -> tuple[SearchWord, ...]:
    """What somebody typed, as a search."""
    words: dict[SearchWord, None] = {}
    for chunk in text.split():
        parts = list(_parts(fold(chunk)))
        terms = tuple(dict.fromkeys(term for part in parts for term in _asked(part)))
        if terms:
            words[SearchWord(terms, _whole(parts))] = None
        if len(words) >= MOST_WORDS:
            break
    return tuple(words)


def fits(words: Iterable[SearchWord], terms: str) -> bool:
    """Whether a task with these terms fits all words."""
    known = terms.split()

    def begins(part: str) -> bool:
        return any(term.startswith(part) for term in known)

    return all(
        all(begins(part) for part in word.parts) or bool(word.whole and begins(word.whole))
        for word in words
    )


def spoken_words(terms: Iterable[str]) -> set[str]:
    """Those of the terms that somebody might misspell."""
    return {
        term
        for term in terms
        if len(term) > 2 and term.isalpha() and not _UNSPACED.match(term)  # noqa: PLR2004
    }


def team_words(tasks: Collection[str], known: Collection[str] = ()) -> set[str]:
    """The words that tasks with these terms give to their team, without the known ones.

    Beside the spoken ones there are those that begin with three plain letters, unless these letters
    are a term of the task too: what finds ``web12`` by letters finds ``web``. So whatever letters
    somebody types, ``is_known_by_words``, the team's words that begin so are on every task that
    has any such term.

    Most terms of a page are on many of its tasks, or known: each is looked at once.
    """
    terms = set(" ".join(tasks).split()).difference(known)
    found = spoken_words(terms)
    mixed = {
        term: letters[0]
        for term in terms
        if not term.isalpha() and (letters := _LETTERS.match(term))
    }
    for task in tasks if mixed else ():
        held = set(task.split())
        found.update(term for term in mixed.keys() & held if mixed[term] not in held)
    return found


def is_known_by_words(part: str) -> bool:
    """Whether every task with a term that begins so has a word of its team's that begins so."""
    return _LETTERS.fullmatch(part) is not None


def source_term(provider_project_id: int) -> str:
    """In which provider project a task is."""
    return f"#{provider_project_id}"


@lru_cache(maxsize=10_000)
def owner_term(integration_id: int, account: str) -> str:
    """Whose task it is; ``account`` is the provider's id, which may hold anything."""
    name = f"{integration_id}:{account}".encode("utf-8", "replace")
    return f"@{blake2b(name, digest_size=8).hexdigest()}"


def fold(text: str) -> str:
    """Without case, accents and width."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text).casefold().translate(_UNDECOMPOSED)
    return unicodedata.normalize("NFC", _FOLDED_MARKS.sub("", unicodedata.normalize("NFD", apart)))


def _parts(folded: str) -> Iterator[str]:
    """Runs of letters and digits; symbols stand alone, everything else is in between."""
    if folded.isascii():
        yield from _PLAIN.findall(folded)
        return
    run = ""
    for char in _SKIN.sub("", folded):
        kind = unicodedata.category(char)
        if kind[0] in "LNM" or kind == "Co":
            run += char
            continue
        if run:
            yield run
            run = ""
        if kind == "So":
            yield char
    if run:
        yield run


def _indexed(part: str) -> Iterator[str]:
    for run, is_unspaced in _by_script(part):
        if is_unspaced:
            yield from (run[at : at + 2] for at in range(len(run)))
        else:
            yield run[:LONGEST_TERM]


def _asked(part: str) -> Iterator[str]:
    for run, is_unspaced in _by_script(part):
        if is_unspaced and len(run) > 1:
            yield from (run[at : at + 2] for at in range(len(run) - 1))
        else:
            yield run[:LONGEST_TERM]


def _by_script(part: str) -> Iterator[tuple[str, bool]]:
    if part.isascii():
        yield part, False
        return
    at = 0
    for found in _UNSPACED.finditer(part):
        if found.start() > at:
            yield part[at : found.start()], False
        yield found[0], True
        at = found.end()
    if at < len(part):
        yield part[at:], False


def _whole(parts: list[str]) -> str:
    whole = "".join(parts)
    return whole if len(parts) > 1 and len(whole) <= _JOINED_MOST and whole.isalnum() else ""
