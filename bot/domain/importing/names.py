"""Whose hours, and on what: the names of a file beside those that are here."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from bot.domain.importing.plan import Person
from bot.domain.importing.problems import Flaw
from bot.domain.linking.link_plan import folded
from bot.domain.linking.linking import Target
from bot.domain.values import dataclass

LONGEST_PROJECT = 200
_KEY = re.compile(r"\b[A-Za-z][A-Za-z0-9_]{0,30}-[0-9]{1,9}\b")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that leads to nobody, or to more than one."""

    flaw: Flaw
    detail: str


class People:
    """Everybody who is or was here, by what a file may call them."""

    def __init__(self, people: Iterable[Person], said: Mapping[str, str]) -> None:
        """Takes what is known.

        Args:
            people: Everybody.
            said: Somebody's word on it: what the file says, and who that is here.
        """
        self._names: defaultdict[str, list[Person]] = defaultdict(list)
        self._emails: defaultdict[str, list[Person]] = defaultdict(list)
        self._ids: dict[str, Person] = {}
        for one in people:
            self._names[folded(one.name)].append(one)
            self._ids[one.slack_user_id.casefold()] = one
            if one.email:
                self._emails[one.email.casefold()].append(one)
        self._said = {folded(old): new.removeprefix("@") for old, new in said.items()}

    def find(self, *, email: str, name: str) -> Person | Unknown:
        """By e-mail, or else by the exact name; what somebody said of either comes first."""
        for word in filter(None, (email, name)):
            if told := self._said.get(folded(word)):
                return self.called(told)
        if found := self._emails.get(email.casefold()) if email else None:
            return _only(found, email)
        if not name and not email:
            return Unknown(Flaw.NOBODY, "")
        return _only(self._names.get(folded(name), []), name or email)

    def called(self, words: str) -> Person | Unknown:
        """By Slack user id, e-mail or exact name."""
        bare = words.removeprefix("@").strip()
        if one := self._ids.get(bare.casefold()):
            return one
        found = self._emails.get(bare.casefold()) or self._names.get(folded(bare), [])
        return _only(found, bare)


def _only(found: Sequence[Person], words: str) -> Person | Unknown:
    if len(found) == 1:
        return found[0]
    return Unknown(Flaw.SEVERAL_PEOPLE if found else Flaw.NO_SUCH_PERSON, words)


class Projects:
    """The projects that are here, by what a file may call them; archived ones come last."""

    def __init__(self, projects: Iterable[Target], said: Mapping[str, str]) -> None:
        """The same as for people."""
        self._names: defaultdict[str, list[Target]] = defaultdict(list)
        self._codes: dict[str, Target] = {}
        self._wanted: dict[str, str] = {}
        self.by_id = {}
        for one in projects:
            self._names[folded(one.name)].append(one)
            self._codes[one.code.casefold()] = one
            self.by_id[one.id] = one
        self._said = {folded(old): new for old, new in said.items()}

    def find(self, name: str) -> Target | Unknown | None:
        """By its exact name; None where there is none, and it is to be made.

        No name at all leads somewhere where somebody said so.
        """
        if told := self._said.get(folded(name)):
            if one := self._codes.get(told.casefold()):
                return one
            name = told
        if not name:
            return Unknown(Flaw.NO_PROJECT, "")
        if len(name) > LONGEST_PROJECT:
            return Unknown(Flaw.LONG_NAME, name[:40])
        found = self._names.get(folded(name), [])
        open_ones = [one for one in found if not one.is_archived] or found
        if len(open_ones) > 1:
            codes = ", ".join(one.code for one in open_ones)
            return Unknown(Flaw.SEVERAL_PROJECTS, f"{name} ({codes})")
        return open_ones[0] if open_ones else None

    def wanted(self, name: str) -> str:
        """What a project that is not here is to be called: as it is written first."""
        called = self._said.get(folded(name), name)
        return self._wanted.setdefault(folded(called), called)


def key_in(text: str) -> str:
    """The first task key in a text, in small letters; empty where there is none."""
    found = _KEY.search(text[:500])
    return found[0].casefold() if found else ""
