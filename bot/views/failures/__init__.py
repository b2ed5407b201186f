"""The sentence for every error, features' own ones included. A test demands one for each class."""

# ruff: noqa: F401 - each module is imported for the sentences that it registers

from bot.domain import errors, preferences, slack_errors
from bot.views.approval import closing_months, unlocks, week_sheets
from bot.views.failures import (
    completing,
    entries,
    limits,
    linking,
    locks,
    money,
    people,
    projects,
    providers,
    reports,
    tracking,
    typed,
    worklogs,
)
from bot.views.message import Message
from bot.views.money import budgets
from bot.views.operating import api_tokens
from bot.views.saying import has_sentence, says, sentence
from bot.views.tracking import forgotten
from bot.views.words import ask_an_admin

__all__ = ["has_sentence", "our_fault", "sentence"]

_LOOK = "Look before you try again: `/track today` shows time, `/link` projects and people."


def our_fault(reference: str) -> Message:
    """Something broke that nobody expected."""
    return Message(
        "Something broke on our side. What `/track status` shows is what was saved. "
        f"Reference {reference}."
    )


@says(errors.AdminOnly)
def _admin_only(error: errors.AdminOnly) -> str:
    return f"Only an admin can do this. {ask_an_admin(error.admins)}."


@says(errors.OtherOrganisation)
def _other_organisation(error: errors.OtherOrganisation) -> str:
    del error
    return "Only people of this workspace can use Hourlink here."


@says(errors.NotYourButton)
def _not_your_button(error: errors.NotYourButton) -> str:
    del error
    return "This was sent to somebody else, so only they can answer it."


@says(errors.Vanished)
def _vanished(error: errors.Vanished) -> str:
    return f"That {error.what} is no longer there. Nothing was changed."


@says(preferences.WorkHoursEmpty)
def _no_work_hours(error: preferences.WorkHoursEmpty) -> str:
    del error
    return "Choose at least one work day, and an end at another time than the beginning."


@says(errors.Busy)
def _busy(error: errors.Busy) -> str:
    if error.perhaps_saved:
        return f"The database is busy right now, and part of this may be done. {_LOOK}"
    return "The database is busy right now; nothing was changed. Try again in a moment."


@says(errors.DatabaseAway)
def _away(error: errors.DatabaseAway) -> str:
    if error.perhaps_saved:
        return (
            "The database went away while this was being saved, so it may be done or not. " + _LOOK
        )
    return "The database cannot be reached right now; nothing was changed. Try again in a minute."


_REFUSALS = {
    errors.Refusal.FULL: "the disk of its database is full",
    errors.Refusal.READ_ONLY: "its database takes no changes",
    errors.Refusal.DAMAGED: "its database or the disk below it is damaged",
}


@says(errors.SavingRefused)
def _refused_to_save(error: errors.SavingRefused) -> str:
    why = f"Hourlink can save nothing right now: {_REFUSALS[error.why]}."
    tell = "Tell whoever runs Hourlink."
    if error.perhaps_saved:
        return f"{why} {tell} Part of this may be done. {_LOOK}"
    return f"{why} Nothing was changed. {tell}"


@says(errors.TeamNotInstalled)
def _not_installed(error: errors.TeamNotInstalled) -> str:
    del error
    return "Hourlink is not installed in this workspace any more. An admin can install it again."


@says(slack_errors.SlackRefused)
def _slack_refused(error: slack_errors.SlackRefused) -> str:
    return f"Slack would not do this: {error.code}. Nothing else was changed."


@says(slack_errors.SlackTryLater)
def _slack_busy(error: slack_errors.SlackTryLater) -> str:
    del error
    return "Slack is busy right now. Try again in a moment."


@says(slack_errors.TokenRejected)
def _token_rejected(error: slack_errors.TokenRejected) -> str:
    return (
        f"Slack does not accept Hourlink's token ({error.code}); nothing was changed. "
        "Whoever runs Hourlink can say more."
    )


@says(slack_errors.SlackOutcomeUnknown)
def _slack_silent(error: slack_errors.SlackOutcomeUnknown) -> str:
    del error
    return "Slack did not answer. Look whether it worked before you try again."
