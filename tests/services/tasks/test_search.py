"""T1: words, addresses and keys as people type them, on both databases."""

import pytest

from bot.domain.ids import ProviderProjectId
from bot.domain.people.people import Member
from bot.domain.tasks.task_refs import TaskRef, parse_task_ref
from bot.domain.tracking.tracking import Started, WhichTask
from storage.people.provider_accounts import ProviderAccountRow
from storage.tasks import task_index, task_questions
from storage.tasks.task_index import Indexed
from storage.tasks.tasks import TaskAliasRow, TaskRow
from tests.builders import NOON
from tests.services.office import Office, own_account, task


@pytest.fixture(
    autouse=True, params=(task_questions.READ, 0), ids=("tasks are few", "tasks are many")
)
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways in which SQLite looks find the same."""
    monkeypatch.setattr(task_questions, "READ", request.param)


def offered(office: Office, text: str, who: Member | None = None) -> list[str]:
    """What a searching select offers while Ana types."""
    found = office.tracking.suggestions(who=who or office.ana, text=text, now=NOON)
    return [one.on.short for one in found.candidates]


def listed(office: Office, text: str) -> list[str]:
    """What ``/track tasks`` lists."""
    found = office.tracking.search(who=office.ana, text=text, now=NOON)
    return [one.on.short for one in found.candidates]


def started(office: Office, text: str, who: Member | None = None) -> Started | WhichTask:
    """Types ``/track start`` and this."""
    ref: TaskRef | None = parse_task_ref(text)
    assert ref is not None
    return office.tracking.start(who=who or office.ana, ref=ref, now=NOON)


def near(office: Office, text: str) -> list[str]:
    """Where nothing is called that: what is offered instead."""
    answer = started(office, text)
    assert isinstance(answer, WhichTask)
    assert answer.total == 0
    return [one.on.short for one in answer.candidates]


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("\u00dcbersicht \u00e4ndern", "ubersicht andern"),
        ("\u4fee\u590d\u767b\u5f55\u9875\u9762", "\u767b\u5f55"),
        ("\U0001f680 Launch", "\U0001f680"),
        ("\u05ea\u05d9\u05e7\u05d5\u05df \u05db\u05d5\u05ea\u05e8\u05ea", "\u05db\u05d5\u05ea"),
        (
            "\u0417\u0430\u0433\u043e\u043b\u043e\u0432\u043e\u043a",
            "\u0437\u0430\u0433\u043e\u043b",
        ),
        ("\u0915\u094d\u0937\u092e\u0924\u093e", "\u0915\u094d\u0937\u092e"),
        ("O'Brien's <b>&amp; \"co\"", "o'brien co"),
        ("100 % of $sum; DROP TABLE", "drop $sum 100"),
    ],
)
def test_titles_in_every_alphabet_are_found(office: Office, title: str, typed: str) -> None:
    """Accents folded, parts of Chinese, emoji, right to left, whatever punctuation."""
    task(office, "WEB-77", title)
    assert offered(office, typed) == ["WEB-77"]
    assert isinstance(started(office, typed), Started)


def test_what_is_likeliest_comes_first(office: Office) -> None:
    """An exact key, then one's own, what was tracked lately, what begins so, the newest."""
    with office.world.uow.read() as tx:
        account = tx.entities.get(ProviderAccountRow, 1)
    assert account is not None
    world = office.world
    task(office, "WEB-120", "About the menu")
    begins = task(office, "WEB-121", "Menu colours")
    lately = task(office, "WEB-122", "Burger menu")
    world.task(office.board, office.source, "WEB-123", "Old menu", assignees=[account.external_id])
    task(office, "WEB-124", "New menu")
    task(office, "WEB-125", "Menu of last year", done=True)
    world.entry(office.ana, office.website, lately, NOON.replace(hour=8), NOON.replace(hour=9))
    expected = ["WEB-123", "WEB-122", "WEB-121", "WEB-124", "WEB-120", "WEB-125"]
    assert offered(office, "menu") == expected
    assert begins
    assert offered(office, "web-12")[0] == "WEB-12"
    assert offered(office, "12")[0] == "WEB-12"


def test_without_words_ones_own_and_recent_tasks_lead(office: Office) -> None:
    """Then the newest; what is done is not listed."""
    with office.world.uow.read() as tx:
        account = tx.entities.get(ProviderAccountRow, 1)
    assert account is not None
    office.world.task(
        office.board, office.source, "WEB-20", "Mine", assignees=[account.external_id]
    )
    task(office, "WEB-21", "Somebody's")
    task(office, "WEB-22", "Long ago", done=True)
    office.world.entry(
        office.ana, office.website, office.web9, NOON.replace(hour=8), NOON.replace(hour=9)
    )
    assert listed(office, "") == ["WEB-20", "WEB-9", "WEB-21", "WEB-12"]


def test_only_what_somebody_may_track_is_found(office: Office) -> None:
    """By words, by key, by a slip: on few projects and on many."""
    site, source, project = office.second_site()
    office.world.task(site, source, "OPS-12", "Fix the header of mails")
    assert offered(office, "fix header") == ["WEB-12"]
    assert offered(office, "ops-12") == []
    assert "OPS-12" not in near(office, "ops-13")
    assert "OPS-12" not in offered(office, "mials")
    office.connect(office.ana, site)
    for number in range(20):
        more = office.world.provider_project(site, f"More {number}")
        extra = office.world.project(f"More {number}", f"M{chr(65 + number)}")
        office.world.link(more, extra)
        office.world.joins(office.ana, extra)
    assert offered(office, "fix header") == ["WEB-12"]
    office.world.joins(office.ana, project)
    assert sorted(offered(office, "fix header")) == ["OPS-12", "WEB-12"]
    assert office.world.team() != office.world.team_id


def test_projects_are_offered_beside_their_tasks(office: Office) -> None:
    """By the beginnings of their names; a whole name starts the project itself."""
    move = office.world.project("Office move", "OM")
    office.world.joins(office.ana, move)
    assert offered(office, "off") == ["Office move"]
    answer = started(office, "office MOVE")
    assert isinstance(answer, Started)
    assert (answer.timer.on.task_id, answer.timer.on.project_name) == (None, "Office move")
    task(office, "WEB-30", "Office move: website")
    question = started(office, "office move")
    assert isinstance(question, WhichTask)
    assert [one.on.short for one in question.candidates] == ["Office move", "WEB-30"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("haeder", "WEB-12"),
        ("fix hedaer", "WEB-12"),
        ("footr", "WEB-9"),
        ("foooter lnks", "WEB-9"),
        ("fix teh haeder", "WEB-12"),
        ("header zebra", "WEB-12"),
        ("web-21", "WEB-12"),
        ("web-112", "WEB-12"),
        ("wbe-12", "WEB-12"),
        ("web-13", "WEB-12"),
        ("wesite", "Website"),
    ],
)
def test_a_slip_finds_what_was_meant(office: Office, typed: str, meant: str) -> None:
    """Letters swapped, missing or too many; a word too many; a digit wrong."""
    assert near(office, typed)[0] == meant


def test_what_is_near_is_offered_while_typing_too(office: Office) -> None:
    """A select that says nothing is found helps nobody."""
    assert offered(office, "haeder")[:1] == ["WEB-12"]
    assert offered(office, "zzzz") == []


@pytest.mark.parametrize(
    "typed",
    [
        "http://acme.test/t/WEB-12",
        "https://www.acme.test/t/WEB-12/",
        "https://m.acme.test/t/WEB-12?tab=2#c5",
        "https://acme.test/t/WEB-12/edit",
        "https://acme-board.test/board/7?selectedIssue=WEB-12&x=1",
        "<https://acme.test/t/WEB-12|the header>",
    ],
)
def test_an_address_in_any_form_is_the_task(office: Office, typed: str) -> None:
    """From a phone, of a page below it, of a board that shows it."""
    answer = started(office, typed)
    assert isinstance(answer, Started)
    assert answer.timer.on.task_id == office.web12


def test_an_address_cut_short_is_the_task(office: Office) -> None:
    """Some tools write the title behind the id; people leave it out."""
    office.change(TaskRow, office.web12, url="https://acme.test/c/a1b2/12-fix-the-header")
    answer = started(office, "https://acme.test/c/a1b2")
    assert isinstance(answer, Started)
    assert answer.timer.on.task_id == office.web12


def test_a_key_on_another_site_is_not_meant(office: Office) -> None:
    """An address names its site; an unknown page of a known one starts no project."""
    assert near(office, "https://elsewhere.test/browse/WEB-12") == ["WEB-12"]
    assert near(office, "https://acme.test/p/1/issues/99") == []


def test_a_former_key_is_found_while_typing(office: Office) -> None:
    """The task moved and got another key."""
    with office.world.uow.begin() as tx:
        tx.entities.add(
            TaskAliasRow(task_id=office.web12, key_folded="old-7", team_id=office.world.team_id)
        )
    assert offered(office, "old-7") == ["WEB-12"]


def test_a_changed_title_is_found_by_its_new_words_alone(office: Office) -> None:
    """The index follows, whoever writes."""
    with office.world.uow.begin() as tx:
        row = tx.entities.get(TaskRow, office.web12)
        assert row is not None
        before = Indexed(ProviderProjectId(row.provider_project_id), row.terms)
        row.title, row.terms = "Repair menu", "web 12 web12 repair menu #1"
        after = before._replace(terms=row.terms)
        task_index.replace(tx, {office.web12: before}, {office.web12: after})
    assert offered(office, "repair") == ["WEB-12"]
    assert listed(office, "header") == []


def test_a_deleted_row_leaves_the_index(office: Office) -> None:
    """Its number may be given to another task, which must not be found by its words."""
    with office.world.uow.begin() as tx:
        row = tx.entities.get(TaskRow, office.web9)
        assert row is not None
        tx.entities.delete(row)
    again = task(office, "WEB-40", "Something else")
    assert listed(office, "footer") == []
    assert listed(office, "something") == ["WEB-40"]
    assert again


def test_words_that_begin_alike_are_all_found(office: Office) -> None:
    """Letters, with digits behind them, in two parts or in other alphabets; few or very many."""
    for number, title in enumerate(
        ("Headless HTML5", "Head-on", "v2 of headers2", "head\u044f", "Ahead"), start=20
    ):
        task(office, f"WEB-{number}", title)
    assert sorted(offered(office, "head")) == ["WEB-12", "WEB-20", "WEB-21", "WEB-22", "WEB-23"]
    assert (offered(office, "html"), offered(office, "headon")) == (["WEB-20"], ["WEB-21"])
    assert sorted(offered(office, "headers web")) == ["WEB-22"]
    for letter in range(task_index.COMMON + 1):
        task(office, f"WEB-{40 + letter}", f"Head{chr(97 + letter)}x")
    assert len(offered(office, "head")) == 5 + task_index.COMMON + 1
    assert len(offered(office, "web hea")) == 5 + task_index.COMMON + 1
    assert offered(office, "html head none") == []


def test_more_tasks_cost_no_more_statements(office: Office) -> None:
    """Typing asks the database a handful of questions, however much there is."""

    def asked() -> int:
        return len(office.statements(lambda: offered(office, "fix")))

    few = asked()
    for number in range(200, 260):
        task(office, f"WEB-{number}", "Fix more")
    assert asked() == few <= 4


def test_of_very_many_ones_own_still_lead(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where not all that fits can be looked at, the old task that is theirs is not forgotten."""
    own = own_account(office, office.ana)
    board, source = office.board, office.source
    office.world.task(board, source, "WEB-200", "Fix mine", assignees=[own])
    office.world.task(board, source, "WEB-201", "Fix mine, done", assignees=[own], done=True)
    for number in range(202, 208):
        task(office, f"WEB-{number}", "Fix more", done=number % 2 == 0)
    everything = listed(office, "fix")
    for module in ("storage.tasks.task_search", "bot.services.tasks.search"):
        monkeypatch.setattr(f"{module}.PAGE", 3)
    assert everything[0] == "WEB-200"
    assert listed(office, "fix") == everything


def test_hits_are_all_different(office: Office) -> None:
    """Own, recent and new at once: once in the list."""
    office.world.entry(
        office.ana, office.website, office.web12, NOON.replace(hour=8), NOON.replace(hour=9)
    )
    assert listed(office, "fix") == ["WEB-12"]
