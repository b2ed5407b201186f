"""`files.*`: the upload in three steps that `files_upload_v2` makes."""

import mimetypes

from playground import messages
from playground.errors import SlackError
from playground.shapes import Json, objects
from playground.web_api.call import Call, method
from playground.web_api.chat import target
from playground.world import Message, random_id

_LONGEST_ALT = 1000


def as_slack(call: Call, row: Json) -> Json:
    """A file as the Web API gives it."""
    address = f"{call.backend.base_url}/files/{row['id']}/{row['name']}"
    return {key: value for key, value in row.items() if key != "content"} | {
        "url_private": address,
        "url_private_download": address,
        "permalink": address,
    }


@method("files.getUploadURLExternal", "files:write")
def get_upload_url(call: Call) -> Json:
    """Make room for a file and tell where to send it."""
    name = call.required("filename")
    length = call.required("length")
    if not length.isdigit() or int(length) == 0:
        raise SlackError("invalid_arguments", ["[ERROR] must be more than 0: length"])
    described = call.text("alt_txt")
    if len(described) > _LONGEST_ALT:
        told = f"[ERROR] must be less than {_LONGEST_ALT + 1} characters: alt_txt"
        raise SlackError("invalid_arguments", [told])
    key = random_id("F")
    call.backend.world.files[key] = {
        "id": key,
        "name": name,
        "title": name,
        "mimetype": mimetypes.guess_type(name)[0] or "application/octet-stream",
        "size": int(length),
        "user": call.backend.team.bot_user_id,
        "created": int(call.backend.world.now()),
        **({"alt_txt": described} if described else {}),
        "content": b"",
    }
    return {"upload_url": f"{call.backend.base_url}/upload/{key}", "file_id": key}


@method("files.completeUploadExternal", "files:write")
def complete_upload(call: Call) -> Json:
    """Share what was uploaded."""
    world = call.backend.world
    rows: list[Json] = []
    for wanted in objects(call.args.get("files")):
        row = world.files.get(str(wanted.get("id")))
        if row is None or not row["content"]:
            raise SlackError("file_not_found")
        row["title"] = wanted.get("title") or row["name"]
        rows.append(as_slack(call, row))
    if not rows:
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: files"])
    places = [place for place in call.text("channels").split(",") if place]
    for place in places or [call.text("channel_id")]:
        if place:
            channel = target(Call(call.backend, {"channel": place}))
            messages.add(
                call.backend,
                Message(
                    ts=world.next_ts(),
                    channel=channel.id,
                    user=call.backend.team.bot_user_id,
                    text=call.text("initial_comment"),
                    is_app=True,
                    files=rows,
                    thread_ts=call.text("thread_ts") or None,
                    subtype="file_share",
                ),
            )
    return {"files": rows}


@method("files.info", "files:read")
def info(call: Call) -> Json:
    """Give one file."""
    row = call.backend.world.files.get(call.required("file"))
    if row is None:
        raise SlackError("file_not_found")
    return {"file": as_slack(call, row)}
