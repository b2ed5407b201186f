"""Which requests are counted by themselves, besides everything that a person does."""

from bot.domain.operating.limits import Kind
from bot.views.operating import audit
from bot.views.people import batches as people_batches
from bot.views.people import form as people_form
from bot.views.projects import chosen as projects_chosen
from bot.views.projects import summary as projects_summary
from bot.views.reports import own as report
from bot.views.reports import team as team_report
from handlers.asking import Ask, Click, Command, Submission

CLICKS = {
    "link.sync": Kind.RESYNC,
    projects_chosen.RESYNC: Kind.RESYNC,
    projects_summary.RESYNC: Kind.RESYNC,
    report.REPORT_FILE: Kind.EXPORT,
    report.REPORT_CHART: Kind.EXPORT,
    projects_summary.CHART: Kind.EXPORT,
    team_report.TEAM_FILE: Kind.EXPORT,
    audit.COPY: Kind.EXPORT,
}
SUBMISSIONS = {people_form.FORM: Kind.INVITATION, people_batches.DO: Kind.INVITATION}

RESYNC_VERB, REPORT_VERB = "sync", "report"
FILES = frozenset({"csv", "xlsx", "chart"})


def limited(ask: Ask) -> Kind | None:
    """What a request counts as; None where it is nothing that takes work in the background."""
    match ask:
        case Click(action=action):
            return CLICKS.get(action)
        case Submission(callback_id=callback_id):
            return SUBMISSIONS.get(callback_id)
        case Command(text=text):
            return _command(text.casefold().split())
    return None


def _command(words: list[str]) -> Kind | None:
    verb = words[0] if words else ""
    if verb == RESYNC_VERB:
        return Kind.RESYNC
    if verb == REPORT_VERB and FILES & set(words):
        return Kind.EXPORT
    return None
