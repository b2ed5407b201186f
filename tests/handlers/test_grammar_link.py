"""Words after ``/link``, and the commands they mean."""

import pytest

from bot.domain.input_errors import (
    Misuse,
    UsageError,
)
from bot.domain.periods import Around, Numbered, Unit
from bot.domain.tasks.task_refs import QuotedName, WordsRef
from handlers.grammar import LINK, Verb, parse_link, words
from handlers.grammar import link_values as link

ANA, BO = link.UserById("U1"), link.UserByName("bo")
WEB = QuotedName("Website")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("", link.Overview()),
        ("help project", link.LinkHelp("project")),
        ("connect Jira", link.ConnectIntegration("Jira")),
        ("project", link.LinkProject()),
        (
            "project \u201cAcme Web\u201d to \u201cWebsite\u201d",
            link.LinkProject(QuotedName("Acme Web"), WEB),
        ),
        ("project ACME new", link.LinkProject(WordsRef("ACME"), create=True)),
        (
            "project Acme: Web to Website",
            link.LinkProject(WordsRef("Acme: Web"), WordsRef("Website")),
        ),
        ('project "Back to new"', link.LinkProject(QuotedName("Back to new"))),
        ('new "Office move"', link.NewProject("Office move")),
        ("new Office move", link.NewProject("Office move")),
        ("all", link.LinkAll()),
        ("all jira", link.LinkAll("jira")),
        ("all \u201cAcme board\u201d", link.LinkAll("Acme board")),
        ("all 'Acme board'", link.LinkAll("Acme board")),
        ('all Acme "board"', link.LinkAll('Acme "board"')),
        ('all """Acme"" board"', link.LinkAll('"Acme" board')),
        ('connect "jira"', link.ConnectIntegration("jira")),
        ("users", link.LinkUsers()),
        ("users ALL", link.LinkUsers(everyone=True)),
        ("users <@U1|ana>, @bo <@U1>", link.LinkUsers((ANA, BO))),
        ("unlink", link.Unlink()),
        ('unlink "Website"', link.Unlink(WEB)),
        ("sync jira", link.Sync(WordsRef("jira"))),
        *((text, link.Sync()) for text in ("sync now", "sync All")),
        ('sync "Now"', link.Sync(QuotedName("Now"))),
        ("channel <#C1|web>", link.SetChannel(link.ChannelById("C1"))),
        ("channel #web my jira", link.SetChannel(link.ChannelByName("web"), "my jira")),
        ('channel #web "my jira"', link.SetChannel(link.ChannelByName("web"), "my jira")),
        ('channel-default "Website"', link.SetChannelDefault(WEB)),
        ("channel-default off", link.SetChannelDefault(clear=True)),
        ("policy", link.SetPolicy()),
        ("policy auto", link.SetPolicy(link.LinkPolicy.AUTO)),
        ("policy personal ON for jira", link.SetPolicy(integration="jira", personal=True)),
        ('policy auto for "my jira"', link.SetPolicy(link.LinkPolicy.AUTO, integration="my jira")),
        (
            "policy writeback Approved auto",
            link.SetPolicy(link.LinkPolicy.AUTO, write_back=link.WriteBackPolicy.APPROVED),
        ),
        (
            "policy write-back off for jira",
            link.SetPolicy(integration="jira", write_back=link.WriteBackPolicy.OFF),
        ),
        (
            'policy link announce members off exclude "Sand*" include workspace Acme for jira',
            link.SetPolicy(
                link.LinkPolicy.ANNOUNCE,
                link.MembersPolicy.OFF,
                (
                    link.PolicyRule(include=False, pattern="Sand*"),
                    link.PolicyRule(include=True, pattern="Acme", by_workspace=True),
                ),
                "jira",
            ),
        ),
        ("admin", link.NameAdmin()),
        ("admin <@U1>", link.NameAdmin(ANA)),
        ("admin add @bo", link.NameAdmin(BO)),
        ('manager add <@U1> "Website"', link.NameManager(ANA, WEB)),
        ("admin remove @bo", link.NameAdmin(BO, remove=True)),
        ("admin @bo remove", link.NameAdmin(BO, remove=True)),
        ('manager <@U1|ana> "Website"', link.NameManager(ANA, WEB)),
        ('manager remove <@U1> "Website"', link.NameManager(ANA, WEB, remove=True)),
        ("audit last week", link.Audit("last week")),
        ("clients", link.ListClients()),
        ("client Acme Inc.", link.ListClients("Acme Inc.")),
        ("settings", link.LinkSettings()),
        ("close", link.CloseMonth()),
        ("close 2026-10", link.CloseMonth(Numbered(Unit.MONTH, 10, 2026))),
        ("close October", link.CloseMonth(Numbered(Unit.MONTH, 10))),
        ("close last month", link.CloseMonth(Around(Unit.MONTH, 1))),
        ("status", link.LinkStatus()),
    ],
)
def test_words_after_link_mean_one_command(text: str, command: link.LinkCommand) -> None:
    """Words after link mean one command."""
    assert parse_link(text) == command
    assert parse_link(words(command)) == command


@pytest.mark.parametrize(
    "text",
    [
        *("new", "users ana", "admin ana", "manager", "manager @bo", "channel", "channel web"),
        *(
            "policy maybe",
            "policy members",
            "policy writeback",
            "policy writeback maybe",
            "policy personal maybe",
            "policy for",
            'policy for ""',
            'all "jira',
            "policy include",
            'project "a',
            "settings x",
            "close the books",
        ),
        *("project a to", "admin @bo please"),
    ],
)
def test_what_link_cannot_mean_is_refused(text: str) -> None:
    """What link cannot mean is refused."""
    with pytest.raises(UsageError):
        parse_link(text)


@pytest.mark.parametrize(
    "text",
    [
        'manager <@U1|ana> <@U2|bo> "Website"',
        'manager remove <@U1>, <@U2> "Web"',
        "admin <@U1> <@U2>",
    ],
)
def test_a_second_person_is_no_part_of_a_name(text: str) -> None:
    """Else the answer is that no project is called so."""
    with pytest.raises(UsageError) as refused:
        parse_link(text)
    assert refused.value.reason is Misuse.ONE_PERSON


@pytest.mark.parametrize("verb", LINK, ids=lambda verb: verb.name)
def test_every_example_of_link_is_understood(verb: Verb[link.LinkCommand]) -> None:
    """The same for admins."""
    kind = type(parse_link(verb.example))
    assert [type(parse_link(example)) for example in verb.more] == [kind] * len(verb.more)
