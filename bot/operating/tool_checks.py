"""The connected tools: one harmless call to each, with the credentials that are stored."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.states import IntegrationState
from bot.integrations.errors import ProviderAuthFailed, ProviderError, ProviderRefused
from bot.integrations.registry import ProviderUnknown
from bot.jobs.adapters import Adapters
from bot.operating.findings import Finding, fine, warning, wrong
from bot.services.operating.operating import Operating
from bot.views import failures
from storage.operating.operating import Tool

OVERDUE = timedelta(minutes=30)


async def tools(operating: Operating, adapters: Adapters, now: datetime) -> Sequence[Finding]:
    """Checks every integration, one after another: nothing here is in a hurry."""
    return [await _tool(one, adapters, now) for one in operating.tools()]


async def _tool(one: Tool, adapters: Adapters, now: datetime) -> Finding:
    subject = f"{one.provider}, {one.site_name}"
    try:
        adapter = adapters.open(one.provider, one.sealed_credentials)
        site = await adapter.check()
    except ProviderUnknown:
        return wrong(
            subject,
            "Its adapter is not installed.",
            "Install the package that it comes from, or disconnect it in Slack.",
        )
    except ProviderError as error:
        return wrong(
            subject,
            failures.sentence(error).text,
            _mend(error),
        )
    if one.state is IntegrationState.BROKEN:
        return warning(
            subject,
            "It answers now, but its syncs were stopped when it did not.",
            "An admin presses *Connect again* in the Overview in Slack.",
        )
    if one.next_sync_at is not None and now - one.next_sync_at > OVERDUE:
        late = int((now - one.next_sync_at) / timedelta(minutes=1))
        return warning(
            subject,
            f"It answers, but its sync has been due for {late} minutes.",
            "Does `hourlink serve` run, or on PostgreSQL `hourlink worker`?",
        )
    return fine(subject, f"It answers, to {site.account_name}.")


def _mend(error: ProviderError) -> str:
    """By what was wrong: credentials are only one of the things that may be."""
    match error:
        case ProviderAuthFailed(reason=""):
            return "An admin gives it new credentials in Slack: `/link connect`."
        case ProviderAuthFailed():
            return (
                "Bring back what is missing, and its next sync goes on; or an admin connects it "
                "in Slack to what there is: `/link connect`."
            )
        case ProviderRefused():
            return "Mend what it names, in the tool; the next sync tries again."
        case _:
            return "If this stays so, look at the tool from this server; each sync tries again."
