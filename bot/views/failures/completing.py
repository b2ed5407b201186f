"""What to say where a task cannot be marked done, or opened again."""

from bot.domain.tasks import completion as domain
from bot.views.message import Message, actions, button, clipped, escaped, section
from bot.views.saying import says
from bot.views.tasks.completing import REOPEN
from bot.views.times import named
from bot.views.times import told as words


@says(domain.CannotComplete)
def _cannot(error: domain.CannotComplete) -> str:
    return f"{escaped(error.provider)} does not let Hourlink mark tasks done. Do it there."


@says(domain.ProjectsAreNotDone)
def _not_a_task(error: domain.ProjectsAreNotDone) -> str:
    name = words(error.project_name)
    return f"*{name}* is a project. Name a task: `/track done TASK-12`."


@says(domain.StandsLikeThat)
def _stands(error: domain.StandsLikeThat) -> Message:
    is_so = "is done already" if error.is_done else "is open already"
    text = f"{named(error.on)} {is_so}."
    if not error.is_done:
        return Message(text)
    reopen = button(
        "Open it again",
        REOPEN,
        str(error.on.task_id),
        says=f"Open {clipped(error.on.short, 50)} again",
    )
    return Message(text, [section(text), actions(reopen)])


@says(domain.CompletionUnderWay)
def _under_way(error: domain.CompletionUnderWay) -> str:
    wanted = "marked done" if error.is_done else "opened again"
    who = f" {escaped(error.by)} asked for it." if error.by else ""
    return f"{named(error.on)} is just being {wanted}.{who} Wait for the answer first."
