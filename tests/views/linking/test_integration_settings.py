"""The settings of an integration stay within Slack's limits, whatever things are called."""

import json
from dataclasses import replace

import pytest

from bot.domain.ids import IntegrationId
from bot.domain.linking.channels import Channel
from bot.domain.linking.integration_settings import (
    IntegrationSettings,
    Joining,
    Reach,
    SettingsSaved,
    SettingsShown,
)
from bot.domain.linking.link_rules import LONGEST_PATTERN, MOST_RULES, LinkRule, RuleBy
from bot.domain.states import LinkPolicy
from bot.views.linking import integration_saved, integration_settings
from bot.views.linking.channels import warning
from bot.views.message import Message, Modal
from playground.rules import check_message, check_view
from tests.views.linking.test_linking import EVIL, FACES, integration

REACH = Reach(20_014, 132, 12, (EVIL,) * 5, (EVIL,) * 5)


def taken(shown: Message | Modal) -> str:
    """What Slack would take, as JSON; nobody's name may call the channel."""
    if isinstance(shown, Modal):
        found = json.dumps(check_view(shown.as_view(), "modal"))
    else:
        check_message(list(shown.blocks), shown.text)
        found = shown.text + json.dumps(list(shown.blocks))
    mrkdwn = [part for part in found.split('"type": "') if part.startswith("mrkdwn")]
    assert not any("<!channel>" in part for part in mrkdwn)
    return found


def test_a_form_full_of_rules_fits() -> None:
    """Fifty long patterns of both kinds, long names, warnings and a note."""
    rules = tuple(
        LinkRule(number % 4 < 2, f"{number}{'x' * LONGEST_PATTERN}"[:LONGEST_PATTERN], by)
        for number in range(MOST_RULES // 2)
        for by in RuleBy
    )
    here = replace(integration(), rules=rules)
    shown = SettingsShown(here, IntegrationSettings.of(here), REACH, has_workspaces=True)
    public = Channel("C0OPS", is_public=True)
    told = taken(integration_settings.form(shown, FACES, channel=public, note="Changed."))
    assert "132 of 20,014 projects" in told
    assert "12 of them are not linked" in told
    assert "and 127 more" in told
    assert "is public" in told
    assert "Nothing is right" in taken(
        integration_settings.form(shown, FACES, problem="Nothing is right")
    )


def test_before_the_first_sync_there_is_nothing_to_count() -> None:
    """And no field for workspaces that nobody knows yet."""
    here = integration()
    shown = SettingsShown(here, IntegrationSettings.of(here), Reach(), has_workspaces=False)
    told = taken(integration_settings.form(shown, FACES))
    assert "No project of the tool is known yet" in told
    assert "workspaces" not in told


def test_a_chooser_of_many_tools_says_how_many_more() -> None:
    """Ten buttons."""
    told = taken(integration_settings.chooser([integration()] * 14, FACES))
    assert "And 4 more" in told


@pytest.mark.parametrize("number", [1, 30])
def test_what_saving_did_is_told(number: int) -> None:
    """Each change, what comes with the next sync, and a button for what is there."""
    here = replace(integration(), link_policy=LinkPolicy.AUTO, personal_projects=True)
    everything = frozenset(IntegrationSettings.of(here).plain())
    done = [
        SettingsSaved(replace(here, id=IntegrationId(one)), everything, REACH, 3, Joining(4, 2))
        for one in range(number)
    ]
    told = taken(
        integration_saved.saved(done, FACES, Channel("C1", is_public=True, is_shared=True))
    )
    for words in (
        "without asking",
        "3 projects are linked by themselves with the sync that begins now",
        "9 projects of before are not linked",
        "4 connected people are not on 2 linked projects",
        "shared with another organisation",
        '"link.all#0"',
        '"policy.join#0"',
    ):
        assert words in told
    assert ("And 20 more tools" in told) == (number > 10)
    taken(integration_saved.in_form(integration_saved.saved(done[:1], FACES)))
    taken(integration_saved.joined(here, 1, 2))


def test_only_who_reads_more_than_the_members_is_warned_about() -> None:
    """A private channel, or one that Slack does not tell about, is no reason to warn."""
    assert warning(None) == warning(Channel("C1", is_public=False)) == ""
