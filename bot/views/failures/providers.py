"""What to say about providers that did not do what was asked."""

from bot.integrations import errors
from bot.views.message import clipped, escaped
from bot.views.saying import says


@says(errors.ProviderAuthFailed)
def _auth(error: errors.ProviderAuthFailed) -> str:
    if error.reason:
        return escaped(clipped(error.reason, 300))
    return "The credentials were not accepted. Check them, and that the account is not locked."


@says(errors.ProviderRefused)
def _refused(error: errors.ProviderRefused) -> str:
    reason = escaped(clipped(error.reason, 300))
    return f"The tool refused: {reason}" if reason else "The tool refused, and gave no reason."


@says(errors.ProviderRateLimited)
def _limited(error: errors.ProviderRateLimited) -> str:
    return f"The tool asks to wait {round(error.retry_after)} seconds. Try again after that."


@says(errors.ProviderUnavailable)
def _unavailable(error: errors.ProviderUnavailable) -> str:
    del error
    return "The tool did not answer. Check the address, and whether this server can reach it."


@says(errors.ProviderSurprised)
def _surprised(error: errors.ProviderSurprised) -> str:
    del error
    return (
        "The answer was not what this tool's API gives. Check the address: "
        "it may lead to a sign-in page or to something else."
    )
