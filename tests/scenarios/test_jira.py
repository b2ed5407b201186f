"""Jira from the form to the timer, and what changes there shows by itself."""

from pathlib import Path

from tests.providers.jira import cloud
from tests.scenarios.prepared import Look, eventually, said
from tests.scenarios.running import installed
from tests.scenarios.standing_in import beside
from tests.scenarios.story import SLOW

PUBLIC = "https://hourlink.test"


def test_jira_is_connected_tracked_and_followed(sqlite_url: str, tmp_path: Path) -> None:
    """An admin fills in the form, a person starts a timer, and a webhook brings a new title."""
    jira = cloud.acme(tasks=12)
    with (
        beside(jira) as there,
        installed(sqlite_url, tmp_path, sync_seconds=600, public_url=PUBLIC) as installation,
    ):
        jira.hooks.reach = lambda address: address.replace(PUBLIC, installation.address)
        ana = installation.slack.person("ana")
        ana.types("/link connect jira", channel="ops")
        ana.fills("Address", jira.url)
        ana.fills("E-mail address (Jira Cloud only)", jira.credentials["email"])
        ana.fills("API token or personal access token", jira.credentials["token"])
        ana.submits()
        ana.sees("Connected:", timeout=SLOW)
        ana.closes()
        ana.sees("Acme Web", channel="ops", timeout=SLOW)
        ana.clicks("Create & link", on="Acme Web", channel="ops")
        ana.sees("is in sync", channel="app", timeout=SLOW)
        ana.types("/track connect", channel="ops")
        ana.clicks("Connect", channel="ops")
        ana.sees("Connected:", channel="ops")
        assert "WEB-2 Task 2" in said(ana, "/track start web-2", channel="ops")

        task = jira.tasks[list(jira.titles())[1]]
        jira.retitle(task.id, "Mend the header")
        there.does(jira.hooks.tell("jira:issue_updated", task, "summary"))
        look = Look(sqlite_url)
        title = f"SELECT title FROM task WHERE external_id = '{task.id}'"  # noqa: S608 - ours
        eventually(lambda: look.value(title) == "Mend the header", "the new title")
        gone = jira.tasks[list(jira.titles())[2]]
        jira.remove(gone.id)
        there.does(jira.hooks.tell("jira:issue_deleted", gone))
        eventually(lambda: look.count("task WHERE gone_at IS NOT NULL") == 1, "the deletion")
        look.close()
        assert "Mend the header" in said(ana, "/track status", channel="ops")
        assert said(ana, "/track start web-3", channel="ops").startswith("No task")
        assert jira.credentials["token"] not in installation.log()
    assert (jira.violations, jira.unrouted) == ([], [])
