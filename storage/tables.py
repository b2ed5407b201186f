"""Every table, in one place for migrations and tests."""

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from storage import (
    account_links,
    announcements,
    audit,
    channel_defaults,
    entry_history,
    hooks,
    integrations,
    members,
    outbox,
    pending_entries,
    project_links,
    projects,
    provider_accounts,
    provider_projects,
    requests,
    selections,
    sync_runs,
    sync_wishes,
    task_index,
    tasks,
    teams,
    time_entries,
    timer_questions,
    unfurls,
    unlocks,
)

NOUNS = (
    account_links,
    announcements,
    audit,
    channel_defaults,
    entry_history,
    hooks,
    integrations,
    members,
    outbox,
    pending_entries,
    project_links,
    projects,
    provider_accounts,
    provider_projects,
    requests,
    selections,
    sync_runs,
    sync_wishes,
    task_index,
    tasks,
    teams,
    time_entries,
    timer_questions,
    unfurls,
    unlocks,
)

METADATA: MetaData = SQLModel.metadata
