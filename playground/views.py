"""Modals and Home tabs: opening, pushing, updating, publishing, taking away."""

import secrets

from playground.backend import Backend
from playground.blocks import values, with_ids
from playground.errors import SlackError
from playground.rules import check_view
from playground.shapes import Json
from playground.world import STACK_LIMIT, Trigger, View, random_id

KEPT = (
    "type",
    "title",
    "submit",
    "close",
    "private_metadata",
    "callback_id",
    "external_id",
    "clear_on_close",
    "notify_on_close",
    "submit_disabled",
)


def as_slack(backend: Backend, view: View, state: Json | None = None) -> Json:
    """A view as the Web API, payloads and pages give it."""
    team = backend.team
    row: Json = {
        "id": view.id,
        "team_id": team.id,
        "type": view.body["type"],
        "blocks": view.body["blocks"],
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        "title": None,
        "close": None,
        "submit": None,
        "hash": view.hash,
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": team.app_id,
        "app_installed_team_id": team.id,
        "bot_id": team.bot_id,
        "state": {"values": state if state is not None else values(view.body["blocks"], None)},
    }
    return row | {key: value for key, value in view.body.items() if value is not None}


def open_modal(backend: Backend, trigger: Trigger, body: object) -> View:
    """Open a modal in the place of any that is open."""
    checked = _checked(backend, body, None)
    view = _made(backend, trigger.user, checked, None)
    for old in backend.world.stack(trigger.user):
        backend.world.drop_view(old)
    _put(backend, view, "view_opened")
    return view


def push_modal(backend: Backend, trigger: Trigger, body: object) -> View:
    """Put a modal on top of the one in which the trigger arose."""
    stack = backend.world.stack(trigger.user)
    if trigger.view_id not in [view.id for view in stack]:
        raise SlackError("not_found")
    if len(stack) >= STACK_LIMIT:
        raise SlackError("push_limit_reached")
    view = _made(backend, trigger.user, _checked(backend, body, None), stack[-1])
    _put(backend, view, "view_pushed")
    return view


def update_view(backend: Backend, view: View, body: object, given_hash: str | None = None) -> View:
    """Replace what a view shows; ids and place stay."""
    if given_hash and given_hash != view.hash:
        raise SlackError("hash_conflict")
    view.body = _checked(backend, body, view)
    view.hash = _hash(backend)
    kind = "home_published" if view.body["type"] == "home" else "view_updated"
    backend.tell(view.user, kind, view=as_slack(backend, view))
    return view


def publish_home(backend: Backend, user: str, body: object, given_hash: str | None) -> View:
    """Show a Home tab to one person."""
    backend.world.person(user)
    if not backend.manifest.home_tab:
        raise SlackError("not_enabled")
    old = backend.world.homes.get(user)
    if old is not None:
        return update_view(backend, old, body, given_hash)
    if given_hash:
        raise SlackError("hash_conflict")
    view = _made(backend, user, _checked(backend, body, None, "home"), None)
    backend.world.homes[user] = view
    backend.tell(user, "home_published", view=as_slack(backend, view))
    return view


def take_away(backend: Backend, view: View) -> None:
    """Close one modal; with `clear_on_close` it takes the others along."""
    if view.id not in backend.world.views:
        return
    if view.body.get("clear_on_close"):
        clear(backend, view.user)
        return
    backend.world.drop_view(view)
    backend.tell(view.user, "view_closed", view_id=view.id)


def clear(backend: Backend, user: str) -> None:
    """Close all of a person's modals."""
    for view in backend.world.stack(user):
        backend.world.drop_view(view)
    backend.tell(user, "views_cleared")


def _checked(backend: Backend, body: object, replaced: View | None, kind: str = "modal") -> Json:
    checked = check_view(body, replaced.body["type"] if replaced else kind)
    external = checked.get("external_id")
    for other in [*backend.world.views.values(), *backend.world.homes.values()]:
        if external and other is not replaced and other.body.get("external_id") == external:
            raise SlackError("duplicate_external_id")
    kept = {key: checked[key] for key in KEPT if key in checked}
    return kept | {"blocks": with_ids(checked["blocks"])}


def _made(backend: Backend, user: str, body: Json, below: View | None) -> View:
    key = random_id("V")
    return View(
        id=key,
        user=user,
        body=body,
        hash=_hash(backend),
        root_id=below.root_id if below else key,
        previous_id=below.id if below else None,
    )


def _put(backend: Backend, view: View, news: str) -> None:
    backend.world.views[view.id] = view
    backend.world.stacks.setdefault(view.user, []).append(view.id)
    backend.tell(view.user, news, view=as_slack(backend, view))


def _hash(backend: Backend) -> str:
    return f"{int(backend.world.now())}.{secrets.token_urlsafe(6)}"
