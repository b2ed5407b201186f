"""From what people type to what they may track, on both databases."""

from datetime import timedelta

import pytest

from bot.domain.entries.entries import OnTask
from bot.domain.ids import TaskId
from bot.domain.people.people import Member
from bot.domain.tasks.task_refs import TaskRef, parse_task_ref
from bot.domain.tracking.tracking import Started, WhichTask
from bot.domain.tracking.tracking_errors import (
    AccountNotConnected,
    AlreadyAnswered,
    AlreadyOn,
    NoProviderAccess,
    NothingToTrackOn,
    ProjectArchived,
    ProjectUnlinked,
    TargetUnknown,
    TaskRequired,
)
from bot.views import failures
from storage.linking.integrations import IntegrationRow
from storage.linking.project_links import ProjectLinkRow
from storage.linking.provider_projects import ProviderProjectRow
from storage.people.account_links import AccountLinkRow
from storage.people.provider_accounts import ProviderAccountRow
from storage.projects.projects import ProjectRow
from storage.tasks.tasks import TaskAliasRow, TaskRow
from storage.teams import TeamRow
from tests.builders import NOON
from tests.services.office import Office, task


def ask(
    office: Office, text: str, who: Member | None = None, note: str = ""
) -> Started | WhichTask:
    """Types ``/track start`` and this."""
    ref: TaskRef | None = parse_task_ref(text)
    assert ref is not None
    return office.tracking.start(who=who or office.ana, ref=ref, now=NOON, note=note)


def names(answer: Started | WhichTask) -> list[str]:
    """The names a picker offers."""
    assert isinstance(answer, WhichTask)
    return [one.on.short for one in answer.candidates]


@pytest.mark.parametrize(
    "text",
    [
        "web-12",
        "WEB-012",
        "https://acme.test/t/WEB-12",
        "https://ACME.test/t/WEB-12/?tab=2#note-3",
        "#12",
        "header fix",
        "head",
        "WEB-12 fix",
        "old-7",
    ],
)
def test_one_match_acts(office: Office, text: str) -> None:
    """A key in any case, an old key, an address, a number, the beginnings of words."""
    with office.world.uow.begin() as tx:
        tx.entities.add(
            TaskAliasRow(task_id=office.web12, key_folded="old-7", team_id=office.world.team_id)
        )
    answer = ask(office, text)
    assert isinstance(answer, Started)
    assert answer.timer.on.task_id == office.web12


def test_a_name_with_typographic_quotes_is_found_as_it_arrives(office: Office) -> None:
    """What people type has plain ones; the name in the tool keeps its own."""
    office.world.joins(
        office.ana, office.world.project("O\u2019Brien \u2013 \u201cWeb\u201d", "OB")
    )
    for text in ('"O\'Brien - ""Web"""', 'o\'brien - "web"'):
        answer = ask(office, text)
        assert isinstance(answer, Started)
        assert answer.timer.on.short == "O\u2019Brien \u2013 \u201cWeb\u201d"
        office.tracking.stop(who=office.ana, now=NOON)


def test_two_tasks_with_one_number_give_a_picker(office: Office) -> None:
    """Never the first of several; the choice starts with the note of the command."""
    site, source, project = office.second_site()
    ops = office.world.task(site, source, "OPS-12", "Rotate keys")
    office.connect(office.ana, site)
    office.world.joins(office.ana, project)
    question = ask(office, "#12", note="urgent")
    assert isinstance(question, WhichTask)
    assert (sorted(names(question)), question.total) == (["OPS-12", "WEB-12"], 2)
    assert office.entries() == []
    pending = question.pending_id
    picked = office.tracking.pick(who=office.ana, pending_id=pending, target=OnTask(ops), now=NOON)
    assert isinstance(picked, Started)
    assert (picked.timer.on.key, picked.timer.note) == ("OPS-12", "urgent")
    with pytest.raises(AlreadyAnswered):
        office.tracking.pick(
            who=office.ana, pending_id=pending, target=OnTask(office.web12), now=NOON
        )


def test_a_picker_belongs_to_who_asked(office: Office) -> None:
    """Somebody else's click on it answers nothing."""
    task(office, "WEB-13", "Fix the menu")
    question = ask(office, "fix")
    assert isinstance(question, WhichTask)
    bo = office.world.member("bo")
    with pytest.raises(AlreadyAnswered):
        office.tracking.pick(
            who=bo, pending_id=question.pending_id, target=OnTask(office.web12), now=NOON
        )


def test_open_and_recent_tasks_come_first(office: Office) -> None:
    """What Ana worked on lately leads, what is done comes last."""
    done = task(office, "WEB-13", "Fix the logo", done=True)
    menu = task(office, "WEB-14", "Fix the menu")
    office.world.entry(office.ana, office.website, menu, NOON.replace(hour=8), NOON.replace(hour=9))
    assert names(ask(office, "fix the")) == ["WEB-14", "WEB-12", "WEB-13"]
    assert done


def test_ones_own_tasks_come_before_others(office: Office) -> None:
    """Assigned to Ana's account in the provider."""
    office.world.task(
        office.board, office.source, "WEB-15", "Fix zooming", assignees=[_external_id(office)]
    )
    task(office, "WEB-16", "Fix printing")
    assert names(ask(office, "fix"))[0] == "WEB-15"


def _external_id(office: Office) -> str:
    with office.world.uow.read() as tx:
        account = tx.entities.get(ProviderAccountRow, 1)
    assert account is not None
    return account.external_id


def test_nothing_found_offers_the_nearest(office: Office) -> None:
    """WEB-120 is unknown: WEB-12 is near; misspelled words find their task too."""
    task(office, "WEB-102", "Footer")
    answer = ask(office, "WEB-120")
    assert isinstance(answer, WhichTask)
    assert answer.total == 0
    assert set(names(answer)) >= {"WEB-12", "WEB-102"}
    assert names(ask(office, "fix teh haeder"))[:1] == ["WEB-12"]
    assert names(ask(office, '"Wbsite"'))[:1] == ["Website"]


def test_words_of_punctuation_find_nothing(office: Office) -> None:
    """No error, no match, and nothing near."""
    assert names(ask(office, "??? %%% __")) == []


def test_like_patterns_are_plain_characters(office: Office) -> None:
    """A percent sign or underscore is no wildcard."""
    task(office, "WEB-50", "Save 100_percent")
    answer = ask(office, "100_p")
    assert isinstance(answer, Started)
    assert answer.timer.on.key == "WEB-50"


def test_two_tasks_called_the_same_give_a_picker(office: Office) -> None:
    """One key in two integrations (T2)."""
    site, source, project = office.second_site("Web shop", "WEBS")
    office.world.task(site, source, "WEB-12", "Basket")
    office.connect(office.ana, site)
    office.world.joins(office.ana, project)
    assert names(ask(office, "WEB-12")) == ["WEB-12", "WEB-12"]


def test_more_than_a_hundred_are_counted(office: Office) -> None:
    """The picker has room for 100; the total is told."""
    for number in range(200, 302):
        task(office, f"WEB-{number}", "Weekly report")
    question = ask(office, "weekly")
    assert isinstance(question, WhichTask)
    assert (len(question.candidates), question.total) == (100, 102)


def test_a_search_with_an_end_never_acts(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where so much fits that not all was looked at, one match is not *the* one."""
    task(office, "WEB-60", "Fix printing")
    for module in ("storage.tasks.task_search", "bot.services.tasks.search"):
        monkeypatch.setattr(f"{module}.SHELF", 1)
        monkeypatch.setattr(f"{module}.PAGE", 1)
    monkeypatch.setattr("bot.services.tasks.search.COUNTED", 2)
    question = ask(office, "fix")
    assert isinstance(question, WhichTask)
    assert (len(question.candidates), question.total, question.is_all) == (1, 2, False)


def test_time_on_a_project_without_a_task(office: Office) -> None:
    """By its quoted name in any case, or its address; the same again changes nothing."""
    answer = ask(office, '"website"')
    assert isinstance(answer, Started)
    assert (answer.timer.on.task_id, answer.timer.on.name) == (None, "Website")
    with pytest.raises(AlreadyOn):
        ask(office, "https://acme.test/p/1")


def test_a_team_may_want_tasks_only(office: Office) -> None:
    """The setting is off: the project is named, and nothing starts."""
    with office.world.uow.begin() as tx:
        team = tx.entities.get(TeamRow, office.world.team_id)
        assert team is not None
        team.settings = {"time_without_task": False}
    with pytest.raises(TaskRequired):
        ask(office, '"Website"')


# Who may


def test_who_is_not_connected_is_told_where_to_connect(office: Office) -> None:
    """U8: the tool is named, the project to who belongs to it (A1), the task's title is not."""
    bo, admin = office.world.member("bo"), office.world.member("cy", admin=True)
    mia = office.world.member("mia")
    office.world.joins(mia, office.website)
    for name, who in (("", bo), ("Website", admin), ("Website", mia)):
        for text in ("WEB-12", '"Website"', "#12", "https://acme.test/t/WEB-12"):
            with pytest.raises(AccountNotConnected) as refused:
                ask(office, text, who=who)
            error = refused.value
            assert (error.integration_id, error.provider) == (office.board, "Board")
            assert error.project_name == name
            assert "header" not in str(vars(error))


def test_who_is_connected_nowhere_is_told_so_for_words_too(office: Office) -> None:
    """There is nothing to search in yet; no project is named."""
    bo = office.world.member("bo")
    with pytest.raises(AccountNotConnected) as refused:
        ask(office, "fix the header", who=bo)
    assert refused.value.project_name == ""


def test_an_account_link_that_ended_is_no_connection(office: Office) -> None:
    """Disconnecting ends tracking at once."""
    office.change(AccountLinkRow, 1, state="ended")
    with pytest.raises(AccountNotConnected):
        ask(office, "WEB-12")


def test_an_invisible_task_answers_like_an_unknown_one(office: Office) -> None:
    """Connected, but not on the project: no title, no hint that WEB-12 exists."""
    bo = office.world.member("bo")
    office.connect(bo)
    with pytest.raises(NothingToTrackOn) as hidden:
        ask(office, "WEB-12", who=bo)
    with pytest.raises(NothingToTrackOn) as unknown:
        ask(office, "WEB-777", who=bo)
    assert vars(hidden.value) == vars(unknown.value)
    with pytest.raises(NothingToTrackOn):
        office.tracking.check_reach(who=bo, now=NOON)
    office.world.joins(bo, office.world.project("Office move", "MOVE"))
    seen = [ask(office, text, who=bo) for text in ("WEB-12", "WEB-777")]
    assert [names(one) for one in seen] == [[], []]
    with pytest.raises(TargetUnknown):
        office.tracking.start_on(who=bo, target=OnTask(office.web12), now=NOON)


def test_the_providers_own_access_counts(office: Office) -> None:
    """Where the provider says who may see a project, the others see nothing of it."""
    office.change(ProviderProjectRow, office.source, everyone_has_access=False)
    with pytest.raises(NothingToTrackOn):
        ask(office, "WEB-12")
    bo = office.world.member("bo")
    account = office.world.account(office.board, "Bo")
    office.world.connected(bo, office.board, account)
    office.world.joins(bo, office.website)
    office.world.access(office.source, account)
    assert isinstance(ask(office, "WEB-12", who=bo), Started)


def test_admins_need_no_membership_but_a_connection_and_access(office: Office) -> None:
    """They are told what is missing, since they may see every project."""
    with pytest.raises(AccountNotConnected):
        ask(office, "WEB-12", who=office.admin)
    office.connect(office.admin)
    office.change(ProviderProjectRow, office.source, everyone_has_access=False)
    with pytest.raises(NoProviderAccess):
        ask(office, "WEB-12", who=office.admin)
    office.change(ProviderProjectRow, office.source, everyone_has_access=True)
    assert isinstance(ask(office, "WEB-12", who=office.admin), Started)


@pytest.mark.parametrize("where", ["here", "there"])
def test_an_archived_projects_timer_is_off(office: Office, where: str) -> None:
    """Archived here or in the provider; its members are told."""
    if where == "here":
        office.change(ProjectRow, office.website, archived_at=NOON)
    else:
        office.change(ProviderProjectRow, office.source, is_archived=True)
    with pytest.raises(ProjectArchived):
        ask(office, "WEB-12")
    with pytest.raises(ProjectArchived):
        ask(office, '"Website"')


@pytest.mark.parametrize("what", ["task gone", "project gone", "unlinked", "disconnected"])
def test_what_is_gone_is_unknown(office: Office, what: str) -> None:
    """Deleted there, unlinked here, or the integration disconnected: nothing to track."""
    if what == "task gone":
        office.change(TaskRow, office.web12, gone_at=NOON)
    elif what == "project gone":
        office.change(ProviderProjectRow, office.source, gone_at=NOON)
    elif what == "unlinked":
        office.change(ProjectLinkRow, 1, state="ended", ended_at=NOON)
    else:
        office.change(IntegrationRow, office.board, state="disconnected")
    if what == "unlinked":  # she could see it, so that is no secret to her
        with pytest.raises(ProjectUnlinked):
            ask(office, "WEB-12")
        return
    if what in {"project gone", "disconnected"}:
        with pytest.raises(NothingToTrackOn) as refused:  # it was their only project
            ask(office, "WEB-12")
        assert refused.value.has_tools == (what == "project gone")
        return
    answer = ask(office, "WEB-12")
    assert isinstance(answer, WhichTask)
    assert "WEB-12" not in names(answer)


def test_who_tracked_on_what_was_deleted_is_told_what_became_of_it(office: Office) -> None:
    """Their own time names it; nobody else is told, nor after the tool itself was disconnected."""
    office.start()
    office.tracking.stop(who=office.ana, now=NOON + timedelta(hours=1))
    bo = office.world.member("bo")
    office.connect(bo)
    office.world.joins(bo, office.website)
    office.change(ProviderProjectRow, office.source, gone_at=NOON)
    with pytest.raises(NothingToTrackOn) as told:
        ask(office, "WEB-9")
    assert failures.sentence(told.value).text == (
        "*Website* was deleted or hidden in Board (acme board). What was tracked stays, and there "
        "is no other project that you can track time on. Ask Admin to put you on one."
    )
    with pytest.raises(NothingToTrackOn) as again:
        office.tracking.resume(who=office.ana, now=NOON + timedelta(hours=2))
    assert again.value.deleted == "Website"
    with pytest.raises(NothingToTrackOn) as untold:
        ask(office, "WEB-9", who=bo)
    assert not untold.value.deleted
    office.change(IntegrationRow, office.board, state="disconnected")
    with pytest.raises(NothingToTrackOn) as without:
        ask(office, "WEB-9")
    assert not without.value.deleted


def test_a_done_task_and_a_broken_integration_still_track(office: Office) -> None:
    """T15: neither a closed task nor a broken token keeps anybody from working."""
    office.change(TaskRow, office.web12, is_done=True)
    office.change(IntegrationRow, office.board, state="broken")
    assert isinstance(ask(office, "WEB-12"), Started)


def test_an_internal_project_needs_no_connection(office: Office) -> None:
    """Only that Bo belongs to it."""
    bo = office.world.member("bo")
    move = office.world.project("Office move", "MOVE")
    with pytest.raises(AccountNotConnected):
        ask(office, '"Office move"', who=bo)
    office.world.joins(bo, move)
    assert isinstance(ask(office, '"Office move"', who=bo), Started)


def test_another_teams_tasks_are_never_found(office: Office) -> None:
    """A task id of one team means nothing in another."""
    other = office.world.team("T0OTHER")
    stranger = office.world.member("zed", team_id=other, admin=True)
    with pytest.raises(NothingToTrackOn) as refused:
        ask(office, "WEB-12", who=stranger)
    assert (refused.value.has_tools, refused.value.admins) == (False, (stranger.name,))
    with pytest.raises(TargetUnknown):
        office.tracking.start_on(who=stranger, target=OnTask(office.web12), now=NOON)
    with pytest.raises(TargetUnknown):
        office.tracking.start_on(who=office.ana, target=OnTask(TaskId(999_999)), now=NOON)


def test_search_lists_what_can_be_tracked(office: Office) -> None:
    """All of it without words, and nothing that belongs to others."""
    site, source, _ = office.second_site()
    office.world.task(site, source, "OPS-1", "Rotate keys")
    found = office.tracking.search(who=office.ana, text="", now=NOON)
    assert [one.on.key for one in found.candidates] == ["WEB-9", "WEB-12"]
    assert office.tracking.search(who=office.ana, text="rotate", now=NOON).total == 0


def test_a_title_in_quotes_means_the_task_that_is_called_so(office: Office) -> None:
    """Where no project is; a longer title does not make it two, and part of one is words."""
    task(office, "WEB-13", "Fix the header's colour")
    answer = ask(office, '"fix the header"')
    assert isinstance(answer, Started)
    assert answer.timer.on.key == "WEB-12"
    assert names(ask(office, '"fix the"')) == ["WEB-12", "WEB-13"]
    office.world.joins(office.ana, office.world.project("Footer links", "FTR"))
    answer = ask(office, '"Footer links"')
    assert isinstance(answer, Started)
    assert answer.timer.on.name == "Footer links", "a project's name comes first"
