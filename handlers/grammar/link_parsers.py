"""The words after each verb of ``/link``, as ``clean`` left them, to command values."""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from bot.domain.input_errors import Misuse, UsageError
from bot.domain.period_words import read_period
from bot.domain.slack_text import readable
from bot.domain.tasks.task_refs import ProjectRef, QuotedName, ref_words
from handlers.grammar.cursor import Words
from handlers.grammar.link_values import (
    Audit,
    CloseMonth,
    ConnectIntegration,
    LinkAll,
    LinkCommand,
    LinkHelp,
    LinkPolicy,
    LinkProject,
    LinkUsers,
    ListClients,
    MembersPolicy,
    NameAdmin,
    NameManager,
    NewProject,
    PolicyRule,
    SetChannel,
    SetChannelDefault,
    SetPolicy,
    Sync,
    Unlink,
    UserById,
    WriteBackPolicy,
)
from handlers.grammar.mentions import read_channel, read_user, read_users
from handlers.grammar.phrases import project_ref, site_name

Choice = TypeVar("Choice", bound=StrEnum)

_EVERYTHING = ("now", "all", "everything")
_CLEAR = ("off", "none")
_REMOVE = ("remove", "-")
_ON_OFF = {"on": True, "off": False}
_POLICY_WORDS = (
    *("link", "members", "personal", "writeback", "write-back"),
    *("include", "exclude", "for"),
)


def connect(text: str) -> ConnectIntegration:
    """``connect <provider>``."""
    return ConnectIntegration(site_name("connect", readable(text)))


def project(text: str) -> LinkProject:
    """``project [ref] [to "Name" | new]``."""
    words = Words("project", readable(text))
    ref = project_ref(words, until=("to", "new"))
    if ref is None:
        words.end()
        return LinkProject()
    if words.keyword("new"):
        words.end()
        return LinkProject(ref, create=True)
    if words.keyword("to"):
        target = project_ref(words)
        if target is None:
            raise UsageError("project", Misuse.MISSING_PROJECT)
        words.end()
        return LinkProject(ref, target)
    words.end()
    return LinkProject(ref)


def new(text: str) -> NewProject:
    """``new "Name"``; the quotes may be left out."""
    ref = _only_project("new", text)
    if ref is None:
        raise UsageError("new", Misuse.MISSING_NAME)
    return NewProject(ref.name if isinstance(ref, QuotedName) else ref_words(ref))


def link_all(text: str) -> LinkAll:
    """``all [integration]``."""
    return LinkAll(site_name("all", readable(text)))


def users(text: str) -> LinkUsers:
    """``users [@ana @bo | all]``."""
    if text.lower() == "all":
        return LinkUsers(everyone=True)
    found, rest = read_users(text)
    if rest:
        raise UsageError("users", Misuse.NOT_A_PERSON, readable(rest))
    return LinkUsers(found)


def unlink(text: str) -> Unlink:
    """``unlink [project]``."""
    return Unlink(_only_project("unlink", text))


def sync(text: str) -> Sync:
    """``sync [integration | project]``; ``sync now`` and ``sync all`` say what it does anyway."""
    return Sync(None if text.lower() in _EVERYTHING else _only_project("sync", text))


def channel(text: str) -> SetChannel:
    """``channel #c [integration]``."""
    found, rest = read_channel(text)
    if found is None:
        reason = Misuse.NOT_A_CHANNEL if text else Misuse.MISSING_CHANNEL
        raise UsageError("channel", reason, readable(text))
    return SetChannel(found, site_name("channel", readable(rest)))


def channel_default(text: str) -> SetChannelDefault:
    """``channel-default ["Website" | off]``."""
    if text.lower() in _CLEAR:
        return SetChannelDefault(clear=True)
    return SetChannelDefault(_only_project("channel-default", text))


def policy(text: str) -> SetPolicy:
    """``policy [link | members | personal | writeback | include | exclude ...] [for ...]``."""
    words = Words("policy", readable(text))
    link: LinkPolicy | None = None
    members: MembersPolicy | None = None
    personal: bool | None = None
    write_back: WriteBackPolicy | None = None
    rules: list[PolicyRule] = []
    integration = ""
    while words:
        match words.keyword(*_POLICY_WORDS):
            case "members":
                members = _choice(MembersPolicy, words)
            case "personal":
                personal = _on_or_off(words)
            case "writeback" | "write-back":
                write_back = _choice(WriteBackPolicy, words)
            case "include":
                rules.append(_rule(words, include=True))
            case "exclude":
                rules.append(_rule(words, include=False))
            case "for":
                integration = _integration(words)
            case _:
                link = _choice(LinkPolicy, words)
    return SetPolicy(link, members, tuple(rules), integration, personal, write_back)


def admin(text: str) -> NameAdmin:
    """``admin [@x]``, ``admin remove @x``, ``admin @x remove``."""
    if not text:
        return NameAdmin()
    remove, rest = _removal(text)
    user, rest = read_user(rest)
    if user is None:
        reason = Misuse.NOT_A_PERSON if rest else Misuse.MISSING_PERSON
        raise UsageError("admin", reason, readable(rest))
    removed_after, rest = _removal(rest)
    _check_alone("admin", rest)
    if rest:
        raise UsageError("admin", Misuse.UNEXPECTED_WORDS, readable(rest))
    return NameAdmin(user, remove or removed_after)


def manager(text: str) -> NameManager:
    """``manager @x "Project"``, ``manager remove @x "Project"``."""
    remove, rest = _removal(text)
    user, rest = read_user(rest)
    if user is None:
        reason = Misuse.NOT_A_PERSON if rest else Misuse.MISSING_PERSON
        raise UsageError("manager", reason, readable(rest))
    _check_alone("manager", rest)
    ref = _only_project("manager", rest)
    if ref is None:
        raise UsageError("manager", Misuse.MISSING_PROJECT)
    return NameManager(user, ref, remove)


def _check_alone(verb: str, rest: str) -> None:
    """Refuses a second person that was picked behind the first."""
    if isinstance(read_user(rest.lstrip(", "))[0], UserById):
        raise UsageError(verb, Misuse.ONE_PERSON, "")


def clients(text: str) -> ListClients:
    """``clients [words]``."""
    return ListClients(readable(text))


def audit(text: str) -> Audit:
    """``audit [words]``."""
    return Audit(readable(text))


def close(text: str) -> CloseMonth:
    """``close [2026-10 | october | last month]``."""
    wanted = readable(text).removeprefix("month ")
    if not wanted:
        return CloseMonth()
    month = read_period(wanted)
    if month is None:
        raise UsageError("close", Misuse.NOT_A_MONTH, wanted)
    return CloseMonth(month)


def help_(text: str) -> LinkHelp:
    """``help [verb]``."""
    return LinkHelp(readable(text).partition(" ")[0])


def alone(verb: str, command: LinkCommand) -> Callable[[str], LinkCommand]:
    """The parser of a verb that nothing may follow."""

    def parse(text: str) -> LinkCommand:
        Words(verb, readable(text)).end()
        return command

    return parse


def _only_project(verb: str, text: str) -> ProjectRef | None:
    words = Words(verb, readable(text))
    ref = project_ref(words)
    words.end()
    return ref


def _removal(text: str) -> tuple[bool, str]:
    first, _, rest = text.partition(" ")
    if first.lower() in _REMOVE:
        return True, rest
    return (False, rest) if first.lower() == "add" and rest else (False, text)


def _choice(kind: type[Choice], words: Words) -> Choice:
    word = words.word() if words else ""
    try:
        return kind(word.lower())
    except ValueError:
        raise UsageError("policy", Misuse.NOT_A_POLICY, word) from None


def _on_or_off(words: Words) -> bool:
    word = words.word() if words else ""
    if word.lower() not in _ON_OFF:
        raise UsageError("policy", Misuse.NOT_A_POLICY, word)
    return _ON_OFF[word.lower()]


def _rule(words: Words, *, include: bool) -> PolicyRule:
    by_workspace = bool(words.keyword("workspace"))
    pattern = words.quoted()
    if pattern is None and words:
        pattern = words.word()
    if not pattern:
        raise UsageError("policy", Misuse.MISSING_NAME)
    return PolicyRule(include, pattern, by_workspace)


def _integration(words: Words) -> str:
    name = site_name("policy", words.rest())
    if not name:
        raise UsageError("policy", Misuse.MISSING_NAME, "for")
    return name
