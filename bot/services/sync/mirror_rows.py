"""From the contract's values to stored rows, and the hash by which a change is seen."""

import re
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import NamedTuple

from bot.domain.ids import IntegrationId, ProviderProjectId, TeamId
from bot.domain.linking.link_rules import LetsIn
from bot.domain.linking.link_search import search_text
from bot.domain.people.account_links import ascii_lower
from bot.domain.people.account_matching import spelled
from bot.domain.tasks.task_terms import index_terms
from bot.integrations.api import ProviderAccount, ProviderProject, ProviderTask

_LARGEST = 2**31 - 1
_NUMBER = re.compile(r"[0-9]{1,9}$", re.ASCII)


class TaskKey(NamedTuple):
    """What people type for a task (T2); a tuple, because every task gets one."""

    text: str
    number: int | None
    """By which ``#12`` finds it: the provider's own, else the key's."""
    is_ours: bool

    @classmethod
    def made(cls, text: str, number: int | None, *, is_ours: bool) -> "TaskKey":
        """With the number that the key ends in, where the provider has none."""
        found = _NUMBER.search(text) if number is None else None
        return cls(text, int(found[0]) if found else number, is_ours)


def project_row(project: ProviderProject) -> dict[str, object]:
    """What a provider says about a project, with its hash."""
    return _hashed(
        {
            "name": _text(project.name, 500),
            "key": _text(project.key, 100) if project.key else None,
            "url": _text(project.url, 2000),
            "workspace_id": _text(project.workspace_id, 255),
            "workspace_name": _text(project.workspace_name, 255),
            "is_archived": project.is_archived,
            "is_personal": project.is_personal,
        }
    )


def project_marks(row: Mapping[str, object], decide: LetsIn) -> dict[str, object]:
    """What follows from a project's names: how it is found, and whether the rules let it in."""
    name, key, workspace = (str(row[part] or "") for part in ("name", "key", "workspace_name"))
    return {
        "search_text": search_text(name, key, workspace),
        "left_out": not decide(name, workspace),
    }


def account_row(account: ProviderAccount) -> dict[str, object]:
    """What a provider says about a person, with its hash."""
    email = ascii_lower(_text(account.email or "", 320))
    return _hashed(
        {
            "name": _text(account.name, 255),
            "email": email or None,
            "email_is_verified": account.email_is_verified and bool(email),
            "is_active": account.is_active,
        }
    ) | {
        "name_words": spelled(_text(account.name, 255)),
        "gone_at": None,
        "unlisted_at": None,
    }


def task_hash(task: ProviderTask, provider_project_id: int) -> str:
    """Changes whenever what the provider says about a task does.

    Taken from the raw values: of most tasks nothing else is needed, because nothing has changed.
    """
    return _hash(
        (
            provider_project_id,
            task.key,
            task.number,
            task.title,
            task.url,
            task.is_done,
            task.status,
            task.section,
            task.labels,
            task.assignee_ids,
            task.estimate_seconds,
            task.updated_at,
        )
    )


def task_row(
    task: ProviderTask,
    place: tuple[TeamId, IntegrationId, ProviderProjectId],
    row_hash: str,
    key: TaskKey,
) -> dict[str, object]:
    """What a provider says about a task that is there, under the key that people type."""
    title = _text(task.title, 500)
    assignee_ids = _texts(task.assignee_ids)
    team_id, integration_id, provider_project_id = place
    return {
        "team_id": team_id,
        "integration_id": integration_id,
        "external_id": task.external_id,
        "provider_project_id": provider_project_id,
        "key": key.text,
        "key_folded": key.text.casefold()[:100],
        "key_is_ours": key.is_ours,
        "number": key.number,
        "title": title,
        "terms": index_terms(
            key=key.text,
            title=title,
            provider_project_id=provider_project_id,
            integration_id=integration_id,
            assignee_ids=assignee_ids,
        ),
        "url": _text(task.url, 2000),
        "is_done": task.is_done,
        "status": _text(task.status, 100),
        "section": _text(task.section, 255),
        "labels": _texts(task.labels),
        "assignee_ids": assignee_ids,
        "estimate_seconds": _number(task.estimate_seconds),
        "changed_at": task.updated_at,
        "gone_at": None,
        "row_hash": row_hash,
    }


def kept_key(task: ProviderTask, known: str | None) -> TaskKey | None:
    """The provider's own key, or the one that the task has had; None where we have to make one."""
    number = number_of(task)
    if own := own_key(task):
        return TaskKey.made(own, number, is_ours=False)
    return TaskKey.made(known, number, is_ours=True) if known else None


def number_of(task: ProviderTask) -> int | None:
    """The provider's own number, where it has one."""
    return _number(task.number)


def own_key(task: ProviderTask) -> str | None:
    """The provider's own key, where it has one."""
    return _text(task.key, 100).strip() or None if task.key else None


def owned(
    row: Mapping[str, object],
    team_id: TeamId,
    integration_id: IntegrationId,
    external_id: str,
) -> dict[str, object]:
    """A row with its identity."""
    return {
        "team_id": team_id,
        "integration_id": integration_id,
        "external_id": external_id,
        **row,
    }


def _hashed(row: dict[str, object]) -> dict[str, object]:
    return row | {"row_hash": _hash(tuple(row.values()))}


def _hash(values: tuple[object, ...]) -> str:
    return blake2b(repr(values).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _text(text: str, limit: int) -> str:
    """Within the column, and without what PostgreSQL or UTF-8 cannot hold."""
    clean = text.replace("\x00", "")[:limit]
    return clean if clean.isascii() else clean.encode("utf-8", "replace").decode("utf-8")


def _texts(texts: Iterable[str]) -> list[str]:
    return [_text(text, 255) for text in texts]


def _number(number: int | None) -> int | None:
    """A number that fits its column; no tool has tasks or estimates beyond that."""
    return number if number is not None and 0 <= number <= _LARGEST else None
