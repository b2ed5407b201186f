"""The audit log (A5): every administrative action, who, what, before and after; read and copied."""

import ast
import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from functools import cache, partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.csv_text import csv_file, harmless
from bot.domain.errors import AdminOnly, Vanished
from bot.domain.operating.audit import ACTIONS, MOST_COUNTED, PAGE_SIZE, AuditLine, AuditQuery
from bot.domain.people.account_links import Choice
from bot.domain.people.people import Member
from bot.services.linking.linking import Linking
from bot.services.operating.auditing import EXPORT, Auditing
from bot.services.people.admins import Admins
from bot.views.operating import audit as views
from playground.rules import check_view
from storage.members import MemberRow
from storage.operating import audit
from tests.builders import NOON, World
from tests.services.people.office import LATER, Office
from tests.statements import asked

SERVICES = Path(__file__).parents[3] / "bot" / "services"


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """An office on each kind of database."""
    world = World(database_url)
    yield Office(world)
    world.close()


@pytest.fixture
def auditing(office: Office) -> Auditing:
    """What is tested."""
    return Auditing(office.world.uow, office.world.new_marker())


def lines(auditing: Auditing, who: Member, words: str = "") -> list[AuditLine]:
    """The first page."""
    return list(auditing.page(who, AuditQuery(words)).lines)


def test_who_did_what_to_what_before_and_after(office: Office, auditing: Auditing) -> None:
    """One line an action, newest first, with the name that the subject had then."""
    mia = office.world.member("mia", email=None)
    office.asked(mia)
    office.picks(mia, office.world.account(office.board, "M. Root"))
    link = office.link(mia)
    office.approvals.approve(office.ana, link.id, link.request, LATER)
    office.links.disconnect(office.ana, link.id, LATER + timedelta(hours=1))
    told = [
        (one.actor, one.action, one.label, dict(one.before), dict(one.after), one.at)
        for one in lines(auditing, office.ana)
    ]
    here = "Mia, acme board"
    asked = {"state": "invited", "account": None}
    waiting = {"state": "awaiting_approval", "account": "M. Root"}
    connected = {"state": "connected", "account": "M. Root"}
    assert told == [
        (
            "Ana",
            "account_link.end",
            here,
            connected,
            connected | {"state": "ended"},
            LATER + timedelta(hours=1),
        ),
        ("Ana", "account_link.approve", here, waiting, connected, LATER),
        ("Ana", "account_link.invite", here, {}, asked, NOON),
    ]


def test_a_link_is_named_once_where_both_have_one_name(office: Office, auditing: Auditing) -> None:
    """Most projects are called like what feeds them."""
    world = office.world
    linking = Linking(world.uow, world.new_marker())
    web, shop = (world.provider_project(office.board, name) for name in ("Web", "Shop"))
    till = world.project("Till", "TILL")
    linking.link(who=office.ana, provider_project_id=web, now=NOON)
    linking.link(who=office.ana, provider_project_id=shop, project_id=till, now=LATER)
    assert [one.label for one in lines(auditing, office.ana)] == ["Shop, Till", "Web"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", 3),
        ("ana", 3),
        ("\u00c1NA approved", 1),
        ("zed", 1),
        ("asked connect", 1),
        ("mia", 2),
        ("acme board", 2),
        ("M. Root", 1),
        ("2026-11-20", 3),
        ("2026-11-21", 0),
        ("admin.name", 1),
        ("named admin", 1),
        ("zoe", 0),
    ],
)
def test_search_by_person_action_and_subject(
    office: Office, auditing: Auditing, words: str, found: int
) -> None:
    """Whole or in part, in any case and spelling, by day too; every word counts."""
    mia, zed = office.world.member("mia", email=None), office.world.member("zed")
    office.asked(mia)
    office.picks(mia, office.world.account(office.board, "M. Root"))
    link = office.link(mia)
    office.approvals.approve(office.ana, link.id, link.request, LATER)
    Admins(office.world.uow, office.world.new_marker()).name(office.ana, zed.id, LATER)
    assert len(lines(auditing, office.ana, words)) == found


def test_a_renamed_admin_is_found_by_both_names(office: Office, auditing: Auditing) -> None:
    """Who married is still who they were."""
    office.asked(office.world.member("mia"))
    office.world.member("ana", admin=True)
    office.sets(MemberRow, office.ana.id, name="Ana Vega", name_words="ana vega")
    assert len(lines(auditing, office.ana, "vega")) == 1
    assert lines(auditing, office.ana, "ana")[0].actor == "Ana Vega"


def crowd(office: Office, size: int) -> None:
    """That many lines."""
    with office.world.uow.begin() as tx:
        audit.record_many(
            tx,
            office.world.team_id,
            actor=office.ana.id,
            action="project.edit",
            now=NOON,
            after=[(f"project:{n}", {"name": f"Line {n}"}) for n in range(size)],
        )


def test_pages_hold_every_line_once(office: Office, auditing: Auditing) -> None:
    """A page beyond the last is the last; each costs the same few questions."""
    crowd(office, 2 * PAGE_SIZE + 3)
    seen = [
        line.subject
        for n in range(3)
        for line in auditing.page(office.ana, AuditQuery("", n)).lines
    ]
    assert len(set(seen)) == len(seen) == 2 * PAGE_SIZE + 3
    assert auditing.page(office.ana, AuditQuery("", 99)).query.page == 2
    turn = partial(auditing.page, office.ana, AuditQuery("line", 1))
    assert len(asked(office.world.engine, turn)) <= 3


def test_what_many_do_costs_a_few_questions(office: Office) -> None:
    """A line for each of three hundred people is not a question for each."""
    people = [office.world.member(f"p{n}") for n in range(3)]
    office.invitations.invite(
        office.ana, office.board, [Choice(person.id) for person in people], NOON
    )
    assert office.audited() == ["account_link.invite"] * 3


def test_a_copy_holds_everything_that_was_found(office: Office, auditing: Auditing) -> None:
    """Oldest first, safe in a spreadsheet; who took it stands in the log."""
    mia = office.world.member("mia")
    office.asked(mia, office.world.account(office.board, "=HYPERLINK(evil)"), chosen=True)
    crowd(office, 1200)
    office.owed()
    auditing.ask_copy(office.ana, "  mia ", LATER)
    (owed,) = office.owed(EXPORT)
    assert owed.payload == {"member_id": office.ana.id, "words": "mia"}
    copy = auditing.copy(office.world.team_id, office.ana.id, "")
    assert copy.slack_user_id == office.ana.slack_user_id
    head, *rows = csv.reader(io.StringIO(copy.file.decode("utf-8-sig")))
    assert head[:2] == ["when (UTC)", "who"]
    assert len(rows) == copy.lines == 1202
    assert rows[0][:5] == [
        "2026-11-20 12:00:00",
        "Ana",
        "asked somebody to connect",
        "account_link.invite",
        "Mia, acme board",
    ]
    assert rows[0][7] == "state: invited; account: =HYPERLINK(evil)"
    assert rows[-1][3] == "audit.export"
    found = auditing.copy(office.world.team_id, office.ana.id, "mia")
    assert found.lines == 2


def test_only_admins_read_it(office: Office, auditing: Auditing) -> None:
    """Also not the file, where somebody lost the right before it was sent; nor another team."""
    mia = office.world.member("mia")
    for refused in (
        lambda: auditing.page(mia, AuditQuery()),
        lambda: auditing.ask_copy(mia, "", NOON),
    ):
        with pytest.raises(AdminOnly):
            refused()
    with pytest.raises(Vanished):
        auditing.copy(office.world.team_id, mia.id, "")
    office.asked(mia)
    eve = office.world.member("eve", admin=True, team_id=office.world.team())
    assert lines(auditing, eve) == []


def test_the_form_is_sound(office: Office, auditing: Auditing) -> None:
    """Long names and values, marks of others, many lines: within Slack's limits, and escaped."""
    evil = "<!channel> & *" + "\u00e9" * 3000
    with office.world.uow.begin() as tx:
        audit.record_many(
            tx,
            office.world.team_id,
            actor=None,
            action="something.new",
            now=NOON,
            before={f"channel:C{n}": {"name": evil, "list": [evil] * 9} for n in range(40)},
            after=[(f"channel:C{n}", {"name": evil[::-1], "on": True}) for n in range(40)],
        )
    page = auditing.page(office.ana, AuditQuery(evil, 1))
    modal = views.log(auditing.page(office.ana, AuditQuery("", 1)), note=views.ASKED)
    shown = str(check_view(modal.as_view(), "modal"))
    assert "*Hourlink* something new: *<#C" in shown
    assert "<!channel>" not in shown
    check_view(views.log(page).as_view(), "modal")
    assert views.read_metadata(modal.metadata) == AuditQuery("", 1, 1)
    for forged in ("", "audit|x|0|", "people|0|0|", f"audit|{'9' * 30}|0|"):
        assert views.read_metadata(forged) is None
    many = page.__class__(AuditQuery("", 3), page.lines, MOST_COUNTED + 1)
    assert "More than 10,000 lines" in str(views.log(many).blocks)


def test_a_line_in_words(office: Office, auditing: Auditing) -> None:
    """What changed, from what to what."""
    mia = office.world.member("mia")
    link = office.asked(mia)
    office.invitations.withdraw(office.ana, link.id, LATER)
    shown = str(views.log(auditing.page(office.ana, AuditQuery())).blocks)
    assert "*Ana* withdrew a request: *Mia, acme board*\\nstate: invited \u2192 withdrawn" in shown


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("  @SUM(A1)", "'  @SUM(A1)"),
        ("+49 30 1", "'+49 30 1"),
        ("-cmd|calc", "'-cmd|calc"),
        ("\uff1dA1", "'\uff1dA1"),
        ("\tx", "'\tx"),
        ("-12.5", "-12.5"),
        ("Ana - Ruiz", "Ana - Ruiz"),
        ("", ""),
    ],
)
def test_no_spreadsheet_runs_a_cell(cell: str, safe: str) -> None:
    """A name, a title or a note may begin like a formula."""
    assert harmless(cell) == safe


@given(st.lists(st.lists(st.text(), min_size=2, max_size=4), max_size=5))
def test_a_csv_file_reads_back(rows: list[list[str]]) -> None:
    """Commas, quotes and line ends survive; nothing begins like a formula."""
    clean = [[cell.replace("\x00", "").replace("\r", "\n") for cell in row] for row in rows]
    text = csv_file(clean).decode("utf-8-sig")
    back = list(csv.reader(io.StringIO(text, newline="")))
    assert back == [[harmless(cell) for cell in row] for row in clean]


# Every service


def _functions() -> dict[str, list[ast.FunctionDef]]:
    found: dict[str, list[ast.FunctionDef]] = {}
    for path in SERVICES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                found.setdefault(node.name, []).append(node)
    return found


@cache
def _calls(node: ast.AST) -> set[str]:
    """The bare names of everything that is called."""
    names = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Call):
            if isinstance(one.func, ast.Attribute):
                owner = one.func.value
                is_log = isinstance(owner, ast.Name) and owner.id == "audit"
                names.add(f"audit.{one.func.attr}" if is_log else one.func.attr)
            elif isinstance(one.func, ast.Name):
                names.add(one.func.id)
    return names


UNLOGGED = {
    "ask": "a sync: the run's history says who asked",
    "ask_one": "the same",
    "begin": "ticks in a list change nothing",
    "start_choosing": "the same",
    "tick": "the same",
    "tick_all": "the same",
    "clear": "the same",
    "remind": "the same",
}
"""What admins do that is no administrative action."""


def test_every_administrative_action_is_logged() -> None:
    """A method that asks for the right to administer, and may write, writes the log as well."""
    functions = _functions()

    def logs(name: str, seen: set[str]) -> bool:
        if name in seen:
            return False
        seen.add(name)
        return any(
            any(one.startswith("audit.record") for one in _calls(node))
            or any(logs(one, seen) for one in _calls(node) if one in functions)
            for node in functions.get(name, [])
        )

    silent = [
        node.name
        for nodes in functions.values()
        for node in nodes
        if {"begin", "admin"} <= _calls(node)
        and node.name not in UNLOGGED
        and not logs(node.name, set())
    ]
    assert silent == []


def test_every_line_says_what_was_before_and_what_is_now() -> None:
    """``before=None`` where there was nothing; never simply left out."""
    silent = []
    for path in SERVICES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id == "audit" and "record" in node.func.attr:
                given = {keyword.arg for keyword in node.keywords}
                if not {"before", "after"} <= given:
                    silent.append(f"{path.name}:{node.lineno}")
    assert silent == []


WRITERS = {"record", "record_many", "_record", "_written", "_audit", "_settle", "_keep"}
"""Whose ``action``, or dotted word, becomes the action of a line."""


def test_every_action_has_words() -> None:
    """Nobody reads ``account_link.end``."""
    written = set()
    for path in SERVICES.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            name = call.func.id if isinstance(call.func, ast.Name) else name
            if name not in WRITERS:
                continue
            given = [*call.args, *(k.value for k in call.keywords if k.arg == "action")]
            for node in (one for value in given for one in ast.walk(value)):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    written |= {node.value} if "." in node.value else set()
    assert written - set(ACTIONS) == set()
    assert set(ACTIONS) - written == set()
