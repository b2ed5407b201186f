"""response_url: an app's answers in the place where somebody acted."""

import json

from playground import messages
from playground.backend import Backend
from playground.errors import SlackError
from playground.shapes import Json, is_true
from playground.world import Message, ResponseUrl


def usable(backend: Backend, key: str) -> ResponseUrl:
    """Find a response_url that may still be used, and count the use."""
    url = backend.world.response_urls.get(key)
    if url is None or backend.world.now() - url.created > backend.timings.response_url:
        raise SlackError("expired_url")
    if url.uses >= backend.timings.response_url_uses:
        raise SlackError("used_url")
    url.uses += 1
    return url


def answer(backend: Backend, key: str, raw: bytes) -> tuple[int, str]:
    """Do what an app sent to a response_url; give the status and body Slack answers with."""
    try:
        content = json.loads(raw)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        return 400, "invalid_payload"
    try:
        apply(backend, usable(backend, key), content)
    except SlackError as error:
        gone = error.code in {"expired_url", "used_url"}
        return (404 if gone else 400), json.dumps({"ok": False, "error": error.code})
    return 200, "ok"


def apply(backend: Backend, url: ResponseUrl, content: Json) -> None:
    """Delete, replace or add a message."""
    original = _original(backend, url)
    if is_true(content.get("delete_original")):
        if original is not None:
            messages.remove(backend, original)
        return
    if is_true(content.get("replace_original")) and original is not None:
        if not original.is_app:
            raise SlackError("cant_update_message")
        messages.change(backend, original, content, whole=True)
        return
    in_channel = content.get("response_type") == "in_channel"
    messages.app_message(
        backend,
        url.channel,
        content,
        ephemeral_to=None if in_channel else url.user,
        thread_ts=content.get("thread_ts") or url.thread_ts,
    )


def _original(backend: Backend, url: ResponseUrl) -> Message | None:
    if url.ts is None:
        return None
    try:
        return backend.world.message(url.channel, url.ts)
    except SlackError:
        return None
