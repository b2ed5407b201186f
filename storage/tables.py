"""Every table, in one place for migrations and tests."""

# ruff: noqa: F401 - each is imported for the tables that it declares

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from storage import asked_messages, members, outbox, requests, selections, teams
from storage.approval import unlocks, week_sheets, week_watch
from storage.entries import entry_history, time_entries
from storage.importing import imports
from storage.linking import announcements, integrations, project_links, provider_projects
from storage.money import billing, budgets, clients, unbilled_tasks
from storage.operating import api_tokens, audit, installations
from storage.people import account_links, provider_accounts, token_renewals
from storage.projects import projects
from storage.reports import report_runs, schedules
from storage.sync import hooks, sync_runs, sync_wishes
from storage.tasks import channel_defaults, completions, task_index, tasks, unfurls
from storage.tracking import pending_entries, timer_questions
from storage.writing import worklog_notices, worklogs

METADATA: MetaData = SQLModel.metadata
