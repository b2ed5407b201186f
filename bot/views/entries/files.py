"""What is said around a file of somebody's time."""

from bot.domain.entries.entry_files import EntryFile
from bot.domain.periods import Period
from bot.views.message import Message
from bot.views.reports.own import period_named
from bot.views.times import length, told
from bot.views.words import counted

ASKED = "The file is on its way: it comes as a direct message from Hourlink."
NOTHING = "There is nothing to put into a file."
CHART_ASKED = "The chart is on its way: it comes as a direct message from Hourlink."
NOTHING_DRAWN = "There is nothing to draw: no time was tracked."

_NAME = 100


def file_name(period: Period) -> str:
    """``hourlink-2026-11-01-to-2026-11-30.csv``."""
    first, last = period.first.isoformat(), period.last.isoformat()
    return f"hourlink-{first}.csv" if first == last else f"hourlink-{first}-to-{last}.csv"


def came(file: EntryFile) -> Message:
    """What comes with the file."""
    about = "".join(f", {told(one, _NAME)}" for one in file.about)
    timer = " Your timer is counted up to now." if file.has_timer else ""
    return Message(
        f"Your time, {period_named(file.period, file.today)}{about}: {length(file.seconds)} in "
        f"{counted(file.rows, 'row')}.{timer}"
    )
