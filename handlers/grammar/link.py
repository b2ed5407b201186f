"""``/link``: words to command values, and the table of its verbs.

A project's name may stand without quotes; then it ends at ``to`` or ``new``, so a name with one
of these words in it needs quotes.
"""

from bot.domain.slack_text import clean, readable
from handlers.grammar import link_parsers as parsers
from handlers.grammar.link_values import (
    LinkCommand,
    LinkHelp,
    LinkSettings,
    LinkStatus,
    Overview,
)
from handlers.grammar.verbs import Verb, find


def parse_link(text: str, verbs: tuple[Verb[LinkCommand], ...] | None = None) -> LinkCommand:
    """What the text after ``/link`` asks for; nothing at all asks for the Overview.

    ``verbs`` are those to understand, all of ``LINK`` where none are given.

    Raises:
        BadInput: the words cannot be understood; the class and its data say how.
    """
    table = LINK if verbs is None else verbs
    verb = link_verb(text, table)
    if verb is None:
        return Overview()
    command = verb.parse(clean(text).partition(" ")[2])
    if isinstance(command, LinkHelp) and command.verb:
        return LinkHelp(find(table, command.verb).name)
    return command


def link_verb(text: str, verbs: tuple[Verb[LinkCommand], ...]) -> Verb[LinkCommand] | None:
    """The verb that the text after ``/link`` begins with; None where there are no words.

    Raises:
        UnknownVerb: there is none like it among these.
    """
    first = clean(text).partition(" ")[0]
    word = readable(first)
    return find(verbs, word.rstrip(":") or word) if first else None


LINK: tuple[Verb[LinkCommand], ...] = (
    Verb(
        name="connect",
        usage="connect <provider>",
        summary="Set up a tool: address, token, check",
        example="connect redmine",
        parse=parsers.connect,
        hints="add tool tools integration integrations integrate install setup",
    ),
    Verb(
        name="project",
        usage='project [name] [to "Project" | new]',
        summary="Link a tool's project to one of yours, or to a new one",
        example='project "Acme Web" to "Website"',
        parse=parsers.project,
        hints="link map import",
        details="A name without quotes ends at `to` or `new`. Alone, `project` opens a form.",
    ),
    Verb(
        name="new",
        usage='new "Name"',
        summary="Make an internal project",
        example='new "Office move"',
        parse=parsers.new,
    ),
    Verb(
        name="all",
        usage="all [integration]",
        summary="Link every unlinked project, after showing what that does",
        example="all redmine",
        parse=parsers.link_all,
    ),
    Verb(
        name="users",
        usage="users [@ana @bo | all]",
        summary="Ask people to connect their accounts",
        example="users all",
        parse=parsers.users,
        hints="invite ask members member team",
        aliases=("people",),
    ),
    Verb(
        name="unlink",
        usage="unlink [project]",
        summary="Unlink a project; its time stays",
        example='unlink "Acme Shop"',
        parse=parsers.unlink,
        hints="disconnect delete remove",
        details="Alone, `unlink` lists what is linked, to choose several at once.",
    ),
    Verb(
        name="sync",
        usage="sync [integration | project]",
        summary="Fetch projects and tasks now",
        example="sync redmine",
        parse=parsers.sync,
        hints="refresh reload update fetch",
        aliases=("resync",),
    ),
    Verb(
        name="channel",
        usage="channel #channel [integration]",
        summary="Choose where new projects are announced",
        example="channel #projects",
        parse=parsers.channel,
        hints="announce announcements announcement notify",
    ),
    Verb(
        name="channel-default",
        usage='channel-default ["Project" | off]',
        summary="Choose the project that this channel prefers",
        example='channel-default "Website"',
        parse=parsers.channel_default,
    ),
    Verb(
        name="policy",
        usage=(
            "policy [link announce | auto] [members off | access | everyone] [personal on | off] "
            "[writeback off | on | approved] "
            '[include | exclude [workspace] "pattern"] [for integration]'
        ),
        summary="Choose what happens to new projects, who joins, and which time is written there",
        example='policy link auto exclude "Sandbox*" for jira',
        parse=parsers.policy,
        hints="rule rules auto automatic writeback write-back",
        details="`for` comes last. `policy auto` is short for `policy link auto`.",
    ),
    Verb(
        name="admin",
        usage="admin [@x | remove @x]",
        summary="Name an admin, or no longer",
        example="admin @ana",
        parse=parsers.admin,
        hints="role roles owner",
    ),
    Verb(
        name="manager",
        usage='manager [remove] @x "Project"',
        summary="Name a project's manager, or no longer",
        example='manager @ana "Website"',
        parse=parsers.manager,
    ),
    Verb(
        name="clients",
        usage="clients [words]",
        summary="Show clients: make, rename, archive and merge them, and people's rates",
        example="clients acme",
        parse=parsers.clients,
        hints="rate rates price prices invoice customer customers",
        aliases=("client",),
        details="Which client a project has is set on its page, or for many in *Projects*.",
    ),
    Verb(
        name="audit",
        usage="audit [words]",
        summary="Show who changed what",
        example="audit",
        parse=parsers.audit,
        hints="history changes",
    ),
    Verb(
        name="settings",
        usage="settings",
        summary="Change the team's settings",
        example="settings",
        parse=parsers.alone("settings", LinkSettings()),
        hints="lock locks rounding overlap overlaps hours timesheets config options preferences",
    ),
    Verb(
        name="close",
        usage="close [2026-10 | october | last month]",
        summary="Close a month: its time is locked",
        example="close last month",
        parse=parsers.close,
        hints="lock locks month months reopen",
        details="Opens a form that says what it locks. There closed months are opened again, too.",
    ),
    Verb(
        name="status",
        usage="status",
        summary="Show the Overview, as `/link` alone does: every tool, and what needs you",
        example="status",
        parse=parsers.alone("status", LinkStatus()),
        hints="webhook webhooks health errors credentials tool tools integrations runs",
        aliases=("overview",),
        details=(
            "The Home tab has it, too. *Run history* beside a tool lists its syncs, and says why "
            "one failed. Who is no admin sees which projects are theirs, and whom to ask."
        ),
    ),
    Verb(
        name="help",
        usage="help [verb]",
        summary="Show how to use /link",
        example="help project",
        parse=parsers.help_,
        aliases=("?",),
    ),
)
