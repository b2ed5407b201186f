"""What to say where a report could not be made."""

from bot.domain import report_errors as errors
from bot.views.saying import says
from bot.views.times import told
from bot.views.words import quoted


@says(errors.NothingTrackedOn)
def _nothing(error: errors.NothingTrackedOn) -> str:
    bare = error.words.strip('"')
    near = f" Near it: {', '.join(told(name) for name in error.near)}." if error.near else ""
    return (
        f"{quoted(bare)} is neither a period nor a project or task with time that you may "
        f"see.{near} "
        "Try `/track report last week by task` or `/track help report`."
    )


@says(errors.ClientUnknown)
def _client(error: errors.ClientUnknown) -> str:
    if error.matches:
        names = ", ".join(told(name) for name in error.matches)
        return f"{quoted(error.name)} could be {names}. Type more of the client's name."
    return f"No client is called {quoted(error.name)}. `/track report by client` shows them."


@says(errors.TooManyMeant)
def _too_many(error: errors.TooManyMeant) -> str:
    bare = error.words.strip('"')
    return f"{quoted(bare)} means {error.count} projects. Type more of the name."
