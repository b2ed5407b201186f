"""What to say when linking people and accounts does not work out."""

from bot.domain.people import people_errors as errors
from bot.domain.people import people_lists
from bot.domain.people.tool_sign_ins import NoSignInThere, SignInOver
from bot.domain.states import AccountLinkState
from bot.views.message import Message, actions, escaped, section
from bot.views.offers import connect_a_tool
from bot.views.saying import says
from bot.views.words import GUESTS, ask_an_admin, quoted

_INSTEAD = {
    AccountLinkState.INVITED: "It is only asked so far. A request is withdrawn, not disconnected.",
    AccountLinkState.AWAITING_APPROVAL: "It still waits for an admin's approval.",
    AccountLinkState.CONNECTED: "It is connected by now. Disconnect it instead.",
    AccountLinkState.DECLINED: "It was declined, so nothing is connected.",
    AccountLinkState.EXPIRED: "The request has expired, so nothing is connected.",
    AccountLinkState.WITHDRAWN: "The request was withdrawn, so nothing is connected.",
    AccountLinkState.ENDED: "It was disconnected before.",
}


@says(errors.GuestNotInvited)
def _guest(error: errors.GuestNotInvited) -> str:
    return f"{GUESTS} {ask_an_admin(error.admins)}."


@says(errors.NoIntegration)
def _nothing(error: errors.NoIntegration) -> Message | str:
    if not error.known:
        text = "No tool is connected to Hourlink yet"
        if not error.is_admin:
            return f"{text}. {ask_an_admin(error.admins)} to connect one."
        return Message(f"{text}.", [section(f"{text}."), actions(connect_a_tool())])
    known = ", ".join(escaped(name) for name in error.known)
    return f"No connected tool is called {quoted(error.text)}. There is: {known}."


@says(errors.SiteDisconnected)
def _site_gone(error: errors.SiteDisconnected) -> str:
    return f"*{escaped(error.site)}* is not connected to Hourlink any more. Nothing was changed."


@says(errors.AccountHeld)
def _held(error: errors.AccountHeld) -> str:
    return (
        f"*{escaped(error.account)}* is connected by {escaped(error.holder)} already, and an "
        "account has one person. Refuse this one, or disconnect the other first."
    )


@says(errors.AccountUnavailable)
def _unavailable(error: errors.AccountUnavailable) -> str:
    named = f"*{escaped(error.account)}*" if error.account else "That account"
    return f"{named} is gone or switched off in the tool. Refuse it, and they choose another."


@says(errors.NotConnectedNow)
def _not_connected(error: errors.NotConnectedNow) -> str:
    return f"{_INSTEAD[error.state]} Nothing was changed."


@says(errors.PersonNotFound)
def _nobody(error: errors.PersonNotFound) -> str:
    if error.matches:
        names = ", ".join(escaped(name) for name in error.matches)
        return f"{quoted(error.name)} could be {names}. Pick the person from Slack's own list."
    if not error.name:
        return "That is nobody of this workspace. Bots and people from outside cannot take part."
    return f"Nobody here is called {quoted(error.name)}. Pick the person from Slack's own list."


@says(errors.NobodyChosen)
def _nobody_chosen(error: errors.NobodyChosen) -> str:
    del error
    return "Nobody is chosen yet. Pick people, or *Select all*."


@says(people_lists.NobodySelected)
def _nobody_ticked(error: people_lists.NobodySelected) -> str:
    del error
    return "Nobody is ticked yet. Tick whom you mean, or *Tick all*."


@says(people_lists.SelectionChanged)
def _changed(error: people_lists.SelectionChanged) -> str:
    del error
    return "Something about them changed meanwhile, and nothing was done. This is what it is now."


@says(errors.NoOwnKeys)
def _no_own_keys(error: errors.NoOwnKeys) -> str:
    return (
        f"*{escaped(error.site)}* gives people no keys of their own. Choose your account instead."
    )


@says(errors.KeyOfElsewhere)
def _key_of_elsewhere(error: errors.KeyOfElsewhere) -> str:
    return f"That key opens *{escaped(error.opened)}*, not *{escaped(error.site)}*."


@says(errors.KeyOfNobody)
def _key_of_nobody(error: errors.KeyOfNobody) -> str:
    return f"*{escaped(error.site)}* does not say whose key that is, so it proves nothing."


@says(errors.KeyOfAnother)
def _key_of_another(error: errors.KeyOfAnother) -> str:
    return (
        f"That key is of the account *{escaped(error.account)}*, and you are connected with "
        f"*{escaped(error.connected)}*. Disconnect that one first, if it is not yours."
    )


@says(errors.CannotAdminister)
def _guest_admin(error: errors.CannotAdminister) -> str:
    return f"*{escaped(error.name)}* is a guest in Slack, and guests do not administer."


@says(errors.NamedNowhere)
def _not_named(error: errors.NamedNowhere) -> str:
    name = f"*{escaped(error.name)}*"
    if error.is_owner:
        return (
            f"{name} owns the Slack workspace and always administers Hourlink. Nothing was changed."
        )
    if error.by_slack:
        return (
            f"{name} is an admin because Slack says so, and was not named here. Change it in "
            "Slack, or let Slack's admins be no admins here: `/link settings`."
        )
    return f"{name} is no admin. Nothing was changed."


@says(errors.LastAdmin)
def _last_admin(error: errors.LastAdmin) -> str:
    del error
    return (
        "Nobody would be left to administer Hourlink, so nothing was changed. Name another admin "
        "first: `/link admin @name`."
    )


@says(SignInOver)
def _sign_in_over(error: SignInOver) -> str:
    del error
    return (
        "This address is good for ten minutes, once, in the browser in which it was opened. "
        "It is none of these any more."
    )


@says(NoSignInThere)
def _no_sign_in_there(error: NoSignInThere) -> str:
    if not error.address:
        return "Signing in there is not set up. Paste a key instead."
    return (
        f"Signing in is not set up for {escaped(error.address)}. Check the address, or paste a key "
        "instead. Whoever runs Hourlink sets it up, for each server."
    )
