"""What a person typed for a task or a project, as a value; finding it is a service's business."""

import re
from dataclasses import field, replace

from bot.domain.values import dataclass

_KEY = re.compile(r"([A-Za-z][A-Za-z0-9]{1,9})-0*([1-9][0-9]{0,8})", re.ASCII)
_NUMBER = re.compile(r"#?0*([1-9][0-9]{0,8})", re.ASCII)
_URL = re.compile(r"https?://[^\s/?#|][^\s|]*", re.IGNORECASE)
_AROUND = " ,;.()"
_BEFORE = re.compile(r"(?:^| )(?:on|to|for|in|about|of|at)$", re.IGNORECASE)
_SLACK_LINK = re.compile(r"<(https?://[^|>\s]+)(?:\|[^>]*)?>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class KeyRef:
    """A task's key in capitals, for example ``TASK-12``."""

    key: str


@dataclass(frozen=True, slots=True)
class NumberRef:
    """``#12`` or ``12``: a task's number within a project known from elsewhere."""

    number: int
    words: str = field(default="", compare=False)
    """``12 people``, where it stood bare before words: it may be no number of a task."""
    called: str = field(default="", compare=False)
    """``task 12``, where it was called a task: these words are searched for if none has it."""


@dataclass(frozen=True, slots=True)
class UrlRef:
    """A web address of a task or project."""

    url: str


@dataclass(frozen=True, slots=True)
class QuotedName:
    """A whole name, as it stood between quotes."""

    name: str


@dataclass(frozen=True, slots=True)
class WordsRef:
    """Words to search for."""

    text: str


CALLED = frozenset({"task", "issue", "ticket", "card"})
"""What people call a task right before its key or number: ``task 12``."""

TaskRef = KeyRef | NumberRef | UrlRef | QuotedName | WordsRef
ProjectRef = UrlRef | QuotedName | WordsRef


def read_token(token: str) -> KeyRef | NumberRef | UrlRef | None:
    """A key, a number or an address, where one word without spaces is one; else None.

    A key is 2 to 10 letters or digits starting with a letter, a dash and a number without
    leading zeros; its case does not matter. Slack's own ``<https://...|label>`` is an address.
    """
    if found := _KEY.fullmatch(token):
        return KeyRef(f"{found[1].upper()}-{found[2]}")
    if found := _NUMBER.fullmatch(token):
        return NumberRef(int(found[1]))
    if found := _SLACK_LINK.fullmatch(token):
        return UrlRef(found[1].replace("&amp;", "&"))
    return UrlRef(token) if _URL.fullmatch(token) else None


def read_called(text: str) -> KeyRef | NumberRef | UrlRef | None:
    """The same, perhaps behind what it is: ``task 12``, ``issue WEB-12``."""
    head, _, token = text.partition(" ")
    if not token or head.lower() not in CALLED:
        return read_token(text)
    ref = read_token(token)
    return replace(ref, called=text) if isinstance(ref, NumberRef) else ref


def named_in(words: str) -> tuple[KeyRef | NumberRef | UrlRef, str] | None:
    """The only key, address or number behind ``#`` or ``task`` among words, and what else they say.

    ``code review on TASK-12`` names TASK-12, and says *code review*. None where they name none,
    or several.
    """
    every = [word.strip(_AROUND) for word in words.split()]
    named = [
        (word, ref)
        for before, word in zip(["", *every], every, strict=False)
        if (not word.isdigit() or before.lower() in CALLED)
        and (ref := read_token(word)) is not None
    ]
    if len({ref for _, ref in named}) != 1:
        return None
    last, ref = named[-1]
    bare = words.strip(_AROUND)
    if not bare.endswith(last):
        return ref, words
    before = bare.removesuffix(last).rstrip()
    head, _, noun = before.rpartition(" ")
    if noun.lower() in CALLED:
        before = head
    return ref, _BEFORE.sub("", before).rstrip(_AROUND)


def parse_task_ref(text: str) -> TaskRef | None:
    """The reference in a text that holds nothing else, for example a form's field.

    None where the text is blank.
    """
    folded = " ".join(text.split())
    if ref := read_called(folded):
        return ref
    for quote in ('"', "'"):
        if len(folded) > 1 and folded[0] == quote == folded[-1]:
            inner = folded[1:-1].replace('""', '"').strip()
            return QuotedName(inner) if inner else None
    return WordsRef(folded) if folded else None


def ref_words(ref: TaskRef) -> str:
    """A reference to type: ``TASK-12``, ``#12``, an address, ``"Website"``, ``fix header``."""
    match ref:
        case KeyRef(key):
            return key
        case NumberRef(number):
            return f"#{number}"
        case UrlRef(url):
            return url
        case QuotedName(name):
            return '"{}"'.format(name.replace('"', '""'))
        case WordsRef(text):
            return text
