"""What a person sees in the browser while they sign in at a tool."""

import html

from bot.pages import link, page

_BACK = "<p>You can close this page and go back to Slack.</p>"


def invitation(*, tool: str, team: str, consent: str, is_own: bool) -> str:
    """The first page: for whom this is, before the tool asks."""
    what = (
        f"{tool} will say which account is yours. What you do in Slack can then be done there in "
        "your name."
        if is_own
        else f"Hourlink will read projects, tasks and people in {tool} with your rights, and write "
        "tracked time there where that is switched on."
    )
    return page(
        f"Sign in at {tool}",
        f"<p>For Hourlink in the Slack workspace <strong>{html.escape(team)}</strong>.</p>"
        f"<p>{html.escape(what)}</p>{link(consent, f'Go on to {tool}')}"
        "<p>If you did not ask for this in Slack yourself, close this page: "
        "what you agree to next would work for that workspace.</p>",
    )


def connected(*, tool: str, site: str, account: str) -> str:
    """An admin connected a tool."""
    return page(
        f"{tool} is connected",
        f"<p><strong>{html.escape(site)}</strong>, in the name of {html.escape(account)}. "
        "Its projects are being read now; those that are not linked yet are announced in Slack.</p>"
        f"<p><code>/link</code> shows how it goes.</p>{_BACK}",
    )


def proven(*, said: str) -> str:
    """A member signed in; what Slack would say."""
    return page("Signed in", f"<p>{html.escape(said)}</p>{_BACK}")


def cut_off(said: str) -> str:
    """The database went away; what is said tells whether something may be saved."""
    plain = html.escape(said.replace("`", ""))
    return page("Not signed in", f"<p>{plain}</p><p>Then begin again in Slack.</p>")


def failure(said: str) -> str:
    """What went wrong, and that nothing was changed."""
    return page(
        "Not signed in",
        f"<p>{html.escape(said)}</p><p>Nothing was changed. Begin again in Slack.</p>",
    )
