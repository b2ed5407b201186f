"""`/oauth/v2/authorize`: where a person lets the app into a team."""

import html
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from playground.backend import Backend
from playground.errors import SlackError
from playground.shapes import Json
from playground.site import Site
from playground.team import Person

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 30rem; margin: 3rem auto }}
button, select {{ font: inherit; padding: .4rem .9rem }}
.allow {{ background: #007a5a; color: #fff; border: 1px solid #007a5a; border-radius: 4px }}
</style>
{body}
</html>"""


async def page(site: Site, request: Request) -> Response:
    """Ask; refuse at once what Slack would not even ask about."""
    query = dict(request.query_params)
    try:
        _checked(site, query)
    except SlackError as error:
        return _refusal(error)
    return HTMLResponse(_question(site, query))


async def decide(site: Site, request: Request) -> Response:
    """Send the person back to the app, with a code or with their refusal."""
    form = {key: str(value) for key, value in (await request.form()).items()}
    query = dict(request.query_params)
    try:
        redirect_uri = _checked(site, query)
        backend = site.home_of(form.get("user", ""))
        person = _installer(backend, form.get("user", ""))
    except SlackError as error:
        return _refusal(error)
    back = {"state": query.get("state", "")}
    if form.get("answer") != "allow":
        return RedirectResponse(_with(redirect_uri, {"error": "access_denied", **back}), 302)
    code = site.grants.give(
        backend.team.id, person.id, query.get("scope", ""), query.get("redirect_uri", "")
    )
    return RedirectResponse(_with(redirect_uri, {"code": code, **back}), 302)


def _checked(site: Site, query: dict[str, str]) -> str:
    """The address to return to, if the app may ask this."""
    if query.get("client_id") != site.config.client_id:
        raise SlackError("invalid_client_id")
    known, wanted = site.manifest.redirect_urls, query.get("redirect_uri", "")
    if not site.manifest.is_open:
        # Slack accepts a registered address and whatever lies below it.
        if wanted and not any(wanted == one or wanted.startswith(f"{one}/") for one in known):
            raise SlackError("bad_redirect_uri")
        scopes = {one for one in query.get("scope", "").replace(" ", ",").split(",") if one}
        strange = sorted(scopes - site.manifest.scopes)
        if strange:
            raise SlackError("invalid_scope", [f"Invalid permissions requested: {strange[0]}"])
    if not query.get("scope") and not query.get("user_scope"):
        raise SlackError("no_scopes")
    if not wanted and not known:
        raise SlackError("bad_redirect_uri")
    return wanted or known[0]


def _installer(backend: Backend, user: str) -> Person:
    """The person who answers, if they may install an app."""
    person = backend.world.person(user)
    if person.is_external or person.deleted or person.is_restricted:
        raise SlackError("access_denied")
    return person


def _with(address: str, more: Json) -> str:
    parts = urlsplit(address)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *more.items()])
    return urlunsplit(parts._replace(query=query))


def _refusal(error: SlackError) -> Response:
    said = html.escape(" ".join([error.code, *error.messages]))
    body = f"<h1>Something went wrong when authorizing this app.</h1><p>{said}</p>"
    return HTMLResponse(PAGE.format(title="Not authorized", body=body), status_code=400)


def _question(site: Site, query: dict[str, str]) -> str:
    name = html.escape(site.manifest.name)
    wanted = query.get("team", "")
    groups = ""
    for backend in site.teams.values():
        if wanted and wanted != backend.team.id:
            continue
        people = "".join(
            f'<option value="{html.escape(one.id)}">{html.escape(one.real_name)}</option>'
            for one in backend.world.people.values()
            if not (one.is_external or one.deleted or one.is_restricted)
        )
        groups += f'<optgroup label="{html.escape(backend.team.name)}">{people}</optgroup>'
    scopes = "".join(
        f"<li><code>{html.escape(one)}</code></li>"
        for one in sorted(query.get("scope", "").replace(" ", ",").split(","))
        if one
    )
    body = f"""<h1>{name} is requesting permission to access a workspace</h1>
<p>It asks for:</p><ul>{scopes}</ul>
<form method="post">
<p><label>You are <select name="user">{groups}</select></label></p>
<p><button name="answer" value="deny">Cancel</button>
<button class="allow" name="answer" value="allow">Allow</button></p>
</form>"""
    return PAGE.format(title=f"Install {name}", body=body)
