"""``/track report``: period, grouping and what it is about, in any order.

What is neither a period nor a grouping is what the report is about. A period or grouping that has
been read once is not read again: a second one is a plain word.

``for team`` (or ``team``) is everybody's time, as far as who asks may see it, and so is a person:
``@bo``. ``client``, ``label`` and ``billable`` narrow. A project that is called like one of these
words stands in quotes.
"""

import re
from dataclasses import replace

from bot.domain.input_errors import Misuse, PeriodNotUnderstood, UsageError
from bot.domain.period_words import (
    looks_like_period,
    misses_calendar,
    period_words,
    read_period,
)
from bot.domain.reports.reports import Group, ReportWish
from bot.domain.tasks.task_refs import TaskRef, WordsRef, ref_words
from handlers.grammar.cursor import Words
from handlers.grammar.phrases import optional_words, take_exact_ref

REPORT_DETAILS = (
    "Periods: today, this week, last month, 2026-11, november, 2026-W45, q3, 2026, last 30 days, "
    "1-15 nov, from mon to today, 2026-09..2026-11, since 1 nov. Without one it is this week. "
    "A project by its name or code, a task by its key. Days may be grouped by week and month, too. "
    "With csv, the entries of the period come as a file; with xlsx, as a workbook; with chart, as "
    "a picture. "
    "Team shows everybody's time as far as you may see it: of the projects that you manage, or "
    'all of it. @name is one person, client Acme or client "Acme Corp" a client, label urgent a '
    "label; billable or non-billable leave the other out. A project called like one of these words "
    'goes into quotes: "Team".'
)

_MOST_PERIOD = 9  # "between 1 nov 2026 and 15 nov 2026"
_BEFORE = ("for", "in", "on", "during", "about", "of")
_GROUPS = {
    **{group.value: group for group in Group},
    **{f"{group.value}s": group for group in Group},
    "tag": Group.LABEL,
    "tags": Group.LABEL,
    "date": Group.DAY,
    "people": Group.PERSON,
    "member": Group.PERSON,
    "members": Group.PERSON,
    "customer": Group.CLIENT,
    "billing": Group.BILLABLE,
}
_BILLABLE = {
    "billable": True,
    "non-billable": False,
    "nonbillable": False,
    "unbillable": False,
}
_PERSON = re.compile(r"@([^\s<>@,|]+),?")
_LONGEST_NAME = 100


def parse_report(text: str) -> ReportWish:
    """What the words after ``report`` ask for.

    Raises:
        PeriodNotUnderstood: something like a period that no calendar has.
        UsageError: a grouping that is none, two things that it is to be about, or a quote that
            never closes.
    """
    wish = _Reading(Words("report", text)).wish()
    for _ in range(len(text)):
        if not isinstance(wish.about, WordsRef):
            break
        # What something stood between may mean something together: "20 as excel days".
        again = _Reading(Words("report", report_words(wish))).wish()
        if again == wish:
            break
        wish = again
    return wish


def report_words(wish: ReportWish) -> str:
    """A report to type; ``parse_report`` reads it back."""
    return optional_words(
        period_words(wish.period) if wish.period else "",
        f"by {wish.group}" if wish.group else "",
        "as csv" if wish.as_csv else "",
        "as xlsx" if wish.as_xlsx else "",
        "as chart" if wish.as_chart else "",
        "team" if wish.for_team else "",
        f"@{wish.person}" if wish.person else "",
        f"client {_quoted(wish.client)}" if wish.client else "",
        f"label {_quoted(wish.label)}" if wish.label else "",
        {None: "", True: "billable", False: "non-billable"}[wish.billable],
        f"for {ref_words(wish.about)}" if wish.about else "",
    )


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _read_csv(text: str) -> bool | None:
    return True if text.lower() in {"csv", "as csv", "to csv"} else None


def _read_xlsx(text: str) -> bool | None:
    words = {"xlsx", "excel"}
    return True if text.lower().removeprefix("as ").removeprefix("to ") in words else None


def _read_chart(text: str) -> bool | None:
    return True if text.lower() in {"chart", "as chart", "as a chart"} else None


def read_team(text: str) -> bool | None:
    """Everybody's, and not one's own."""
    words = {"team", "the team", "everyone", "everybody"}
    return True if text.lower().removeprefix("for ").removeprefix("of ") in words else None


def _read_billable(text: str) -> bool | None:
    return _BILLABLE.get(text.lower())


def _read_person(text: str) -> str | None:
    found = _PERSON.fullmatch(text)
    return found[1] if found else None


class _Reading:
    def __init__(self, words: Words) -> None:
        self._words = words
        self._wish = ReportWish()
        self._plain: list[str] = []

    def wish(self) -> ReportWish:
        while self._words:
            if not (
                self._period()
                or self._group()
                or self._file()
                or self._whose()
                or self._narrowed()
                or self._exact()
            ):
                self._word()
        wish = self._wish
        if not self._plain:
            return wish
        if wish.about is not None:
            raise UsageError("report", Misuse.UNEXPECTED_WORDS, " ".join(self._plain))
        return replace(wish, about=WordsRef(" ".join(self._plain)))

    def _period(self) -> bool:
        if self._wish.period is not None:
            return False
        self._is_in_calendar()
        period = self._words.take(read_period, most=_MOST_PERIOD)
        if period is None:
            if not self._plain and looks_like_period(self._words.peek()):
                raise PeriodNotUnderstood(self._words.peek())
            return False
        self._wish = replace(self._wish, period=period)
        return True

    def _is_in_calendar(self) -> None:
        """Refuses ``31 nov`` as a whole, before its month is taken and 31 for a task.

        Raises:
            PeriodNotUnderstood: no calendar has it.
        """

        def missed(text: str) -> str | None:
            return text if misses_calendar(text) else None

        words = None if self._plain else self._words.take(missed, most=_MOST_PERIOD)
        if words is not None:
            raise PeriodNotUnderstood(words)

    def _group(self) -> bool:
        if self._wish.group is not None or not self._words.keyword("by", "per"):
            return False
        word = self._words.word() if self._words else ""
        group = _GROUPS.get(word.lower())
        if group is None:
            raise UsageError("report", Misuse.NOT_A_GROUPING, word)
        self._wish = replace(self._wish, group=group)
        return True

    def _file(self) -> bool:
        if not self._wish.as_csv and self._words.take(_read_csv, most=2) is not None:
            self._wish = replace(self._wish, as_csv=True)
            return True
        if not self._wish.as_xlsx and self._words.take(_read_xlsx, most=2) is not None:
            self._wish = replace(self._wish, as_xlsx=True)
            return True
        if not self._wish.as_chart and self._words.take(_read_chart, most=3) is not None:
            self._wish = replace(self._wish, as_chart=True)
            return True
        return False

    def _whose(self) -> bool:
        if self._plain:
            return False
        if not self._wish.for_team and self._words.take(read_team, most=3) is not None:
            self._wish = replace(self._wish, for_team=True)
            return True
        person = None if self._wish.person else self._words.take(_read_person)
        if person is not None:
            self._wish = replace(self._wish, person=person)
        return person is not None

    def _narrowed(self) -> bool:
        if self._plain:
            return False
        billable = None
        if self._wish.billable is None:
            billable = self._words.take(_read_billable)
        if billable is not None:
            self._wish = replace(self._wish, billable=billable)
            return True
        if not self._wish.client and self._words.keyword("client", "customer"):
            self._wish = replace(self._wish, client=self._name())
            return True
        if not self._wish.label and self._words.keyword("label", "tag"):
            self._wish = replace(self._wish, label=self._name())
            return True
        return False

    def _name(self) -> str:
        """A quoted name or one word.

        Raises:
            UsageError: there is none.
        """
        name = self._words.quoted()
        if name is None:
            name = self._words.word() if self._words else ""
        if not name or len(name) > _LONGEST_NAME:
            raise UsageError("report", Misuse.MISSING_NAME, name[:_LONGEST_NAME])
        return name

    def _exact(self) -> bool:
        """A quoted name, a key, a number or an address."""
        if self._plain:
            return False
        about: TaskRef | None = take_exact_ref(self._words)
        if about is None:
            return False
        if self._wish.about is not None:
            raise UsageError("report", Misuse.UNEXPECTED_WORDS, ref_words(about))
        self._wish = replace(self._wish, about=about)
        return True

    def _word(self) -> None:
        if not self._plain and self._words.keyword(*_BEFORE):
            return
        word = self._words.word()
        if word.strip(":"):
            self._plain.append(word)
