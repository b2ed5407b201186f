"""A worklog as adapters take it, and what their answers mean here."""

from bot.domain.writing.worklog_work import WorklogWork
from bot.domain.writing.worklogs import Author, Record, Said, Trouble
from bot.integrations.api import Worklog, WorklogRecord
from bot.integrations.errors import ProviderRefused

NOT_THERE = frozenset({404, 410})
"""Statuses that say so."""


def worklog_of(
    work: WorklogWork, said: Said, author: Author, *, task: str | None = None
) -> Worklog:
    """What is to be written, or looked for: on the task that is said, or on another one."""
    return Worklog(
        marker=work.stored.marker,
        task_id=task or said.task,
        seconds=said.seconds,
        day=said.day,
        started_at=said.started_at,
        note=said.text,
        account_id=author.account,
        member_name=work.member,
        zone=work.zone,
    )


def record_of(found: WorklogRecord) -> Record:
    """What an adapter found or made; without its task, which adapters do not tell."""
    return Record(found.external_id, found.version, found.seconds, found.day)


def about_the_task(refused: ProviderRefused) -> ProviderRefused:
    """The same, where *not found* is said of the task, with that as its reason."""
    if refused.status in NOT_THERE:
        refused.reason = Trouble.TASK_GONE
    return refused
