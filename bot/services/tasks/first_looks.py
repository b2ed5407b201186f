"""What finding a task asks first, for who sends it along with something else."""

from bot.domain.entries.entries import OnTask, Target
from bot.domain.people.people import Member
from bot.domain.tasks.task_refs import KeyRef, TaskRef
from storage.prepared import Look
from storage.tasks import trackable


def first_looks(who: Member, about: TaskRef | Target | None) -> tuple[Look, ...]:
    """As ``Finder.find`` and ``Finder.by_target`` begin; nothing where that is not known yet."""
    match about:
        case KeyRef(key):
            return (trackable.look_for_key(who, key.casefold()),)
        case OnTask(task_id):
            return (trackable.look_for_id(who, task_id),)
        case _:
            return ()
