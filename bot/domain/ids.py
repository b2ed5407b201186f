"""Names for the ids that travel through the program, so that mypy keeps them apart."""

from typing import NewType

TeamId = NewType("TeamId", str)
"""Slack's own id of a workspace, for example ``T024BE7LD``."""

SlackUserId = NewType("SlackUserId", str)
"""Slack's own id of a person, for example ``U024BE7LH``."""

MemberId = NewType("MemberId", int)
IntegrationId = NewType("IntegrationId", int)
ProviderProjectId = NewType("ProviderProjectId", int)
ProviderAccountId = NewType("ProviderAccountId", int)
ProjectId = NewType("ProjectId", int)
ProjectLinkId = NewType("ProjectLinkId", int)
AccountLinkId = NewType("AccountLinkId", int)
TaskId = NewType("TaskId", int)
TimeEntryId = NewType("TimeEntryId", int)
SyncRunId = NewType("SyncRunId", int)
SyncWishId = NewType("SyncWishId", int)
ReportRunId = NewType("ReportRunId", int)
AnnouncementId = NewType("AnnouncementId", int)
OutboxId = NewType("OutboxId", int)
QuestionId = NewType("QuestionId", int)
UnlockId = NewType("UnlockId", int)
SheetId = NewType("SheetId", int)
CompletionId = NewType("CompletionId", int)
ClientId = NewType("ClientId", int)
RateId = NewType("RateId", int)
WarningId = NewType("WarningId", int)
ScheduleId = NewType("ScheduleId", int)
WorklogId = NewType("WorklogId", int)
ApiTokenId = NewType("ApiTokenId", int)
ImportId = NewType("ImportId", int)
