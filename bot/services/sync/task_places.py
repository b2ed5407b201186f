"""Tasks that are in several of a tool's projects at a time: where each of them is kept.

A task of ours is in one project, so that nothing is counted twice. It stays where it is for as long
as it is there and that project is linked; else it goes to the first one that is.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace

from bot.domain.sync.sync import SyncPlan
from bot.integrations.api import AlsoIn, ProviderTask
from storage.sync import provider_project_sync
from storage.sync.task_sync import StoredTask
from storage.unit_of_work import Tx


def settled(
    tx: Tx, plan: SyncPlan, tasks: Collection[ProviderTask], known: Mapping[str, StoredTask]
) -> list[ProviderTask]:
    """The same tasks, each in one project.

    Args:
        tx: The open transaction.
        plan: The run.
        tasks: As the provider tells them, the list's own project first.
        known: What is here of them, by provider id.
    """
    shared = [task for task in tasks if task.also_in]
    if not shared:
        return list(tasks)
    team_id = plan.team_id
    names = {one.project_id for task in shared for one in _standing(task)}
    stored = provider_project_sync.stored(tx, team_id, plan.integration_id, names)
    ids = {project.id: name for name, project in stored.items()}
    linked = {
        ids[one.id]
        for one in provider_project_sync.standing(tx, team_id, ids)
        if one.is_linked and not one.is_archived
    }
    homes = {name: ids.get(task.place) for name, task in known.items()}
    return [_in_one(task, linked, homes.get(task.external_id)) for task in tasks]


def _in_one(task: ProviderTask, linked: Collection[str], home: str | None) -> ProviderTask:
    options = [one for one in _standing(task) if one.project_id in linked]
    kept = next((one for one in options if one.project_id == home), None)
    chosen = kept or (options or _standing(task))[0]
    return replace(task, project_id=chosen.project_id, section=chosen.section, also_in=())


def _standing(task: ProviderTask) -> list[AlsoIn]:
    return [AlsoIn(task.project_id, task.section), *task.also_in]
