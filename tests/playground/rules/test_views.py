"""Limits on modals and Home tabs, stacks, hashes and the triggers that open them."""

import pytest

from playground.config import Timings
from playground.shapes import Json, plain
from tests.playground.rules.conftest import Begin, Stage
from tests.playground.rules.samples import button, field, section


def modal(**more: object) -> Json:
    """A modal."""
    return {"type": "modal", "title": plain("T"), "blocks": [section()], **more}


def home(**more: object) -> Json:
    """A Home tab."""
    return {"type": "home", "blocks": [section()], **more}


MODALS: list[tuple[str, Json, str, str]] = [
    ("long title", modal(title=plain("t" * 25)), "must be less than 25 characters", "/title/text"),
    ("no title", modal(title=None), "missing required field: title", ""),
    (
        "long submit",
        modal(submit=plain("t" * 25)),
        "must be less than 25 characters",
        "/submit/text",
    ),
    ("long close", modal(close=plain("t" * 25)), "must be less than 25 characters", "/close/text"),
    (
        "an input without submit",
        modal(blocks=[field({"type": "plain_text_input"})]),
        "missing required field: submit",
        "",
    ),
    (
        "long private_metadata",
        modal(private_metadata="m" * 3001),
        "must be less than 3001 characters",
        "/private_metadata",
    ),
    (
        "long callback_id",
        modal(callback_id="c" * 256),
        "must be less than 256 characters",
        "/callback_id",
    ),
    ("101 blocks", modal(blocks=[section()] * 101), "no more than 100 items allowed", "/blocks"),
    (
        "a table",
        modal(blocks=[{"type": "table", "rows": [[]]}]),
        "unsupported type: table",
        "/blocks/0/type",
    ),
    (
        "a markdown block",
        modal(blocks=[{"type": "markdown", "text": "m"}]),
        "unsupported type: markdown",
        "/blocks/0/type",
    ),
    ("a Home tab", home(), "must be of type: modal", "/type"),
    ("no blocks", {"type": "modal", "title": plain("T")}, "missing required field: blocks", ""),
    (
        "a spoilt block",
        modal(blocks=[section("")]),
        "must be more than 0 characters",
        "/blocks/0/text/text",
    ),
]


def trigger(stage: Stage, user: str = "U0ANA") -> str:
    """A fresh trigger_id: a command nobody answers hands one out."""
    stage.ui("command", as_=user, channel="C0WEB", text="/do")
    entry = stage.play.slack.log(1)[0]
    return str(entry["request"]["trigger_id"])


@pytest.mark.parametrize(
    ("view", "what", "at"), [row[1:] for row in MODALS], ids=[row[0] for row in MODALS]
)
def test_a_modal_over_a_limit_is_refused(stage: Stage, view: Json, what: str, at: str) -> None:
    """The refusal points into the view."""
    answer = stage.call("views.open", trigger_id=trigger(stage), view=view)
    assert answer["error"] == "invalid_arguments"
    told = f"[ERROR] {what} [json-pointer:/view{at}]"
    assert told in answer["response_metadata"]["messages"]


@pytest.mark.parametrize(
    "blocks",
    [
        [{"type": "alert", "text": plain("a"), "level": "warning"}],
        [section()] * 100,
        [section(accessory=button())],
    ],
)
def test_a_modal_within_the_limits_opens(stage: Stage, blocks: list[Json]) -> None:
    """Alerts are for modals only."""
    view = modal(blocks=blocks, private_metadata="m" * 3000)
    answer = stage.call("views.open", trigger_id=trigger(stage), view=view)
    assert answer["ok"], answer


@pytest.mark.parametrize(
    ("view", "what"),
    [
        (home(blocks=[section()] * 101), "no more than 100 items allowed"),
        (home(blocks=[{"type": "alert", "text": plain("a")}]), "unsupported type: alert"),
        (home(blocks=[{"type": "markdown", "text": "m"}]), "unsupported type: markdown"),
        (modal(), "must be of type: home"),
    ],
)
def test_a_home_tab_over_a_limit_is_refused(stage: Stage, view: Json, what: str) -> None:
    """Home tabs have rules of their own."""
    answer = stage.call("views.publish", user_id="U0ANA", view=view)
    assert answer["error"] == "invalid_arguments"
    assert what in str(answer["response_metadata"])


def test_a_huge_view_is_refused(stage: Stage) -> None:
    """250,000 bytes are the most."""
    blocks = [section("x" * 2900)] * 90
    assert stage.call("views.publish", user_id="U0ANA", view=home(blocks=blocks)) == {
        "ok": False,
        "error": "view_too_large",
    }


def test_a_trigger_opens_once_and_within_its_seconds(begin: Begin) -> None:
    """Used, late, and invented triggers have different codes."""
    assert Timings().trigger == 3.0  # Slack's own
    stage = begin(trigger=600.0)
    once, late = trigger(stage), trigger(stage)
    assert stage.call("views.open", trigger_id=once, view=modal())["ok"]
    assert stage.call("views.open", trigger_id=once, view=modal())["error"] == (
        "exchanged_trigger_id"
    )
    stage.play.slack.advances(601)
    assert stage.call("views.open", trigger_id=late, view=modal())["error"] == "expired_trigger_id"
    assert stage.call("views.open", trigger_id="1.2.3", view=modal())["error"] == (
        "invalid_trigger_id"
    )
    assert stage.call("views.open", view=modal())["error"] == "invalid_arguments"


def click(stage: Stage) -> str:
    """Click the button of the modal on top, and give the trigger that comes with it."""
    view = stage.play.person("ana").modal
    assert view is not None
    block = view.raw["blocks"][0]
    stage.ui(
        "action",
        as_="U0ANA",
        container={"type": "view", "view_id": view.raw["id"]},
        block_id=block["block_id"],
        action={"type": "button", "action_id": "a"},
        state={},
    )
    return str(stage.play.slack.log(1)[0]["request"]["trigger_id"])


def test_three_modals_are_the_most(begin: Begin) -> None:
    """views.push refuses a fourth; a trigger from outside a modal pushes nothing."""
    stage = begin()
    view = modal(blocks=[section(accessory=button())])
    assert stage.call("views.push", trigger_id=trigger(stage), view=view)["error"] == "not_found"
    assert stage.call("views.open", trigger_id=trigger(stage), view=view)["ok"]
    for _ in range(2):
        assert stage.call("views.push", trigger_id=click(stage), view=view)["ok"]
    assert stage.call("views.push", trigger_id=click(stage), view=view)["error"] == (
        "push_limit_reached"
    )


def test_old_hashes_conflict_and_external_ids_are_taken_once(begin: Begin) -> None:
    """For modals and for Home tabs alike."""
    stage = begin()
    opened = stage.call("views.open", trigger_id=trigger(stage), view=modal(external_id="one"))[
        "view"
    ]
    assert (
        stage.call("views.open", trigger_id=trigger(stage), view=modal(external_id="one"))["error"]
        == "duplicate_external_id"
    )
    place: Json = {"view_id": opened["id"], "view": modal(external_id="one")}
    assert stage.call("views.update", hash=opened["hash"], **place)["ok"]
    assert stage.call("views.update", hash=opened["hash"], **place)["error"] == "hash_conflict"
    assert stage.call("views.update", external_id="one", view=modal())["ok"]
    published = stage.call("views.publish", user_id="U0ANA", view=home())["view"]
    again: Json = {"user_id": "U0ANA", "view": home()}
    assert stage.call("views.publish", hash=published["hash"], **again)["ok"]
    assert stage.call("views.publish", hash=published["hash"], **again)["error"] == "hash_conflict"


def test_without_a_home_tab_nothing_is_published(begin: Begin) -> None:
    """The manifest decides."""
    stage = begin(manifest={"display_information": {"name": "X"}})
    assert stage.call("views.publish", user_id="U0ANA", view=home())["error"] == "not_enabled"
