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
        f"{quoted(bare)} is neither a period nor a project or task that you tracked time on.{near} "
        "Try `/track report last week by task` or `/track help report`."
    )


@says(errors.TooManyMeant)
def _too_many(error: errors.TooManyMeant) -> str:
    bare = error.words.strip('"')
    return f"{quoted(bare)} means {error.count} projects. Type more of the name."
