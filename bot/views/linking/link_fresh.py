"""*Start fresh* for what is linked: the question (L7)."""

from bot.domain.linking.linking import UnlinkPreview
from bot.views.message import Modal, context, escaped, section
from bot.views.times import length
from bot.views.words import counted

FRESH = "link.fresh"


def form(preview: UnlinkPreview) -> Modal:
    """What it would do to the tasks of one link."""
    link = preview.links[0]
    time = f" with its {length(preview.seconds)}" if preview.seconds else ""
    said = [
        f"Start fresh with *{escaped(link.provider_project)}* on *{escaped(link.project)}*?",
        (
            f"This makes second copies. What there is, {counted(preview.tasks, 'task')}, freezes: "
            f"it stays in reports{time}, and cannot be tracked any more."
        ),
        "Then every task is read anew from the tool.",
    ]
    if preview.running:
        timers = counted(preview.running, "running timer is", "running timers are")
        said.append(f"{timers} stopped and kept.")
    small = "It does not repair sync problems: `/link status` shows the last runs."
    return Modal(
        callback_id=FRESH,
        title="Start fresh",
        blocks=[section("\n".join(said)), context(small)],
        submit="Start fresh",
        metadata=str(link.provider_project_id),
    )
