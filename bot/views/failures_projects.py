"""What to say when something about a project does not go as asked."""

from bot.domain import projects
from bot.views.message import escaped
from bot.views.saying import says


@says(projects.ManagerOnly)
def _manager_only(error: projects.ManagerOnly) -> str:
    del error
    return "Only an admin or the project's manager can do this."


@says(projects.AlreadyManager)
def _manages(error: projects.AlreadyManager) -> str:
    return f"{escaped(error.member)} manages *{escaped(error.project)}* already."


@says(projects.NotManager)
def _manages_not(error: projects.NotManager) -> str:
    return f"{escaped(error.member)} does not manage *{escaped(error.project)}*."


@says(projects.MemberLeft)
def _left(error: projects.MemberLeft) -> str:
    return f"{escaped(error.member)} is deactivated in Slack. Nothing was changed."
