"""What to say where a record cannot be written again, or decided about."""

from bot.domain.writing import worklogs_shown as domain
from bot.views.saying import says
from bot.views.times import told


@says(domain.NothingToDecide)
def _decided(error: domain.NothingToDecide) -> str:
    return (
        f"This was decided before: there is nothing to choose in {told(error.site, 60)} any more."
    )


@says(domain.NotFailed)
def _not_failed(error: domain.NotFailed) -> str:
    return f"It is written to {told(error.site, 60)} already, or on its way."


@says(domain.CannotChoose)
def _cannot(_: domain.CannotChoose) -> str:
    return "That cannot be chosen here. Use one of the buttons."
