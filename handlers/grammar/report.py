"""``/track report``: period, grouping and what it is about, in any order.

What is neither a period nor a grouping is what the report is about. A period or grouping that has
been read once is not read again: a second one is a plain word.
"""

from dataclasses import replace

from bot.domain.input_errors import Misuse, PeriodNotUnderstood, UsageError
from bot.domain.period_words import looks_like_period, period_words, read_period
from bot.domain.reports import Group, ReportWish
from bot.domain.task_refs import TaskRef, WordsRef, ref_words
from handlers.grammar.cursor import Words
from handlers.grammar.phrases import optional_words, take_exact_ref

REPORT_DETAILS = (
    "Periods: today, this week, last month, 2026-11, november, 2026-W45, q3, 2026, last 30 days, "
    "1-15 nov, from mon to today, 2026-09..2026-11, since 1 nov. Without one it is this week. "
    "A project by its name or code, a task by its key. Days may be grouped by week and month, too. "
    "With csv, your entries of the period come as a file."
)

_MOST_PERIOD = 9  # "between 1 nov 2026 and 15 nov 2026"
_BEFORE = ("for", "in", "on", "during", "about", "of")
_GROUPS = {
    **{group.value: group for group in Group},
    **{f"{group.value}s": group for group in Group},
    "tag": Group.LABEL,
    "tags": Group.LABEL,
    "date": Group.DAY,
}


def parse_report(text: str) -> ReportWish:
    """What the words after ``report`` ask for.

    Raises:
        PeriodNotUnderstood: something like a period that no calendar has.
        UsageError: a grouping that is none, two things that it is to be about, or a quote that
            never closes.
    """
    return _Reading(Words("report", text)).wish()


def report_words(wish: ReportWish) -> str:
    """A report to type; ``parse_report`` reads it back."""
    return optional_words(
        period_words(wish.period) if wish.period else "",
        f"by {wish.group}" if wish.group else "",
        "as csv" if wish.as_csv else "",
        f"for {ref_words(wish.about)}" if wish.about else "",
    )


def _read_csv(text: str) -> bool | None:
    return True if text.lower() in {"csv", "as csv", "to csv"} else None


class _Reading:
    def __init__(self, words: Words) -> None:
        self._words = words
        self._wish = ReportWish()
        self._plain: list[str] = []

    def wish(self) -> ReportWish:
        while self._words:
            if not (self._period() or self._group() or self._csv() or self._exact()):
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
        period = self._words.take(read_period, most=_MOST_PERIOD)
        if period is None:
            if not self._plain and looks_like_period(self._words.peek()):
                raise PeriodNotUnderstood(self._words.peek())
            return False
        self._wish = replace(self._wish, period=period)
        return True

    def _group(self) -> bool:
        if self._wish.group is not None or not self._words.keyword("by", "per"):
            return False
        word = self._words.word() if self._words else ""
        group = _GROUPS.get(word.lower())
        if group is None:
            raise UsageError("report", Misuse.NOT_A_GROUPING, word)
        self._wish = replace(self._wish, group=group)
        return True

    def _csv(self) -> bool:
        if self._wish.as_csv or self._words.take(_read_csv, most=2) is None:
            return False
        self._wish = replace(self._wish, as_csv=True)
        return True

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
