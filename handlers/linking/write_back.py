"""Reading what a form says about writing time back."""

from dataclasses import replace

from bot.domain.linking.write_back import (
    LONGEST_MINIMUM,
    LONGEST_TEXT,
    WORDS,
    WriteBack,
    WriteMode,
    unknown_word,
)
from bot.views import field_errors
from bot.views.linking import write_back as views
from handlers.asking import Fields

_TOO_LONG = "A whole number of minutes, at most 1440."


def chosen(fields: Fields, before: WriteBack) -> WriteBack:
    """What stands in the form; what it does not ask for stays as it was."""
    mode = fields.choice(views.MODE)
    if mode not in set(WriteMode):
        return before
    made = replace(before, mode=WriteMode(mode))
    if views.SHORTEST not in fields.blocks():
        return made
    minutes = _minutes(fields)
    return replace(
        made,
        shortest=made.shortest if minutes is None else minutes * 60,
        text=fields.text(views.TEXT)[:LONGEST_TEXT],
        reduces_estimate=_reduces(fields, before),
    )


def wrong(fields: Fields) -> dict[str, str]:
    """A sentence under each field that cannot be saved."""
    slip = unknown_word(fields.text(views.TEXT))
    return {
        **({views.SHORTEST: _TOO_LONG} if _minutes(fields) is None else {}),
        **({views.TEXT: field_errors.stands_for_nothing(slip, WORDS)} if slip else {}),
    }


def writes_owed(fields: Fields) -> bool:
    """Whether what is not written yet still is; a form that did not ask says yes."""
    return views.OWED not in fields.blocks() or bool(fields.choices(views.OWED))


def _reduces(fields: Fields, before: WriteBack) -> bool:
    if views.ESTIMATE not in fields.blocks():
        return before.reduces_estimate
    return fields.choice(views.ESTIMATE) == "reduce"


def _minutes(fields: Fields) -> int | None:
    text = fields.text(views.SHORTEST) or "0"
    if not (text.isascii() and text.isdigit()):
        return None
    # Slack lets a number have any length.
    minutes = int(text[:9])
    return minutes if minutes * 60 <= LONGEST_MINIMUM else None
