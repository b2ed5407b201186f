"""What to say when something about a project does not go as asked."""

from bot.domain.projects import projects
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


@says(projects.CodeTaken)
def _code_taken(error: projects.CodeTaken) -> str:
    return f"*{escaped(error.project)}* has the code {escaped(error.code)}. Choose another."


@says(projects.CodeUnfit)
def _code_unfit(error: projects.CodeUnfit) -> str:
    del error
    return "A code has 2 to 5 letters, A to Z."


@says(projects.NameFollows)
def _name_follows(error: projects.NameFollows) -> str:
    return (
        f"*{escaped(error.project)}* takes its name from its tool. Rename it there; the next sync "
        "brings the new name here."
    )


@says(projects.NothingTicked)
def _nothing_ticked(error: projects.NothingTicked) -> str:
    del error
    return "Nothing is ticked. Tick at least one project, then choose what to do with it."


@says(projects.AddedAndRemoved)
def _added_and_removed(error: projects.AddedAndRemoved) -> str:
    who = "Somebody is" if error.people == 1 else f"{error.people} people are"
    return f"{who} chosen to be put on and to be taken off. Choose one of the two."


@says(projects.NothingToSync)
def _nothing_to_sync(error: projects.NothingToSync) -> str:
    del error
    return "None of these projects comes from a connected tool, so there is nothing to read again."
