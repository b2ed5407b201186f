"""Hourlink's registrations at tools, as an operator writes them down."""

import pytest

from bot.integrations.oauth import ToolClient
from bot.integrations.registry import Registry
from bot.integrations.tool_clients import clients_of, entry, misplaced, slips_in

SECRET = "t0p-s3cret"


def told(*texts: str) -> str:
    """All that is said about these entries."""
    return "\n".join(f"{one.wrong} {one.mend}" for one in slips_in([entry(t) for t in texts]))


def test_an_entry_may_end_with_the_address_of_a_server() -> None:
    """Spaces, capitals and a last slash are how people write."""
    entries = [
        entry(f"asana : 1 : {SECRET}"),
        entry(f"redmine:2:{SECRET}:https://Redmine.Acme.test/pm/"),
        entry(f"redmine:3:{SECRET}: https://redmine.blue.test:8443"),
    ]
    assert clients_of(entries) == {
        "asana": (ToolClient("1", SECRET),),
        "redmine": (
            ToolClient("2", SECRET, "https://redmine.acme.test/pm"),
            ToolClient("3", SECRET, "https://redmine.blue.test:8443"),
        ),
    }
    assert list(slips_in(entries)) == []


def test_a_secret_may_hold_a_colon() -> None:
    """Whoever made it up did not think of us."""
    found = clients_of([entry("redmine:2:a:b::c:https://redmine.acme.test")])
    assert found["redmine"] == (ToolClient("2", "a:b::c", "https://redmine.acme.test"),)
    assert clients_of([entry("asana:2:a:b")])["asana"] == (ToolClient("2", "a:b"),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("redmine:2:https://redmine.acme.test", "entry 1 is not a tool, a client id and"),
        ("redmine:https://redmine.acme.test", "entry 1 is not a tool, a client id and"),
        ("redmine::x:https://redmine.acme.test", "entry 1 is not a tool, a client id and"),
        (f"redmine:2:{SECRET}:https://", "entry 1 ends with what is no address"),
        (f"redmine:2:{SECRET}:https://me:pw@redmine.acme.test", "entry 1 ends with what is no"),
        (f"redmine:2:{SECRET}:https://redmine.acme.test/?key=1", "without what follows ? or #"),
        (f"redmine:2:{SECRET}:http://redmine.acme.test", "which is not encrypted"),
    ],
)
def test_a_slip_says_which_entry_and_how_to_mend_it(text: str, said: str) -> None:
    """And never the secret, nor a password that stands in an address."""
    shown = told(text)
    assert said in shown
    assert SECRET not in shown
    assert "pw" not in shown


def test_a_server_on_the_same_machine_needs_no_certificate() -> None:
    """Nobody is on the way there."""
    assert told(f"redmine:2:{SECRET}:http://127.0.0.1:3000") == ""
    assert told(f"redmine:2:{SECRET}:http://[::1]:3000") == ""
    assert told(f"redmine:2:{SECRET}:http://localhost/redmine") == ""


def test_a_server_has_one_entry() -> None:
    """Of two nobody would know which is used; another server is another matter."""
    first = f"redmine:2:{SECRET}:https://redmine.acme.test"
    assert "entry 2 names 'redmine' at https://redmine.acme.test again." in told(
        first, "redmine:3:other:HTTPS://REDMINE.acme.test:443/"
    )
    assert "entry 2 names 'asana' again." in told("asana:1:a", "asana:2:b")
    assert told(first, "redmine:3:other:https://redmine.acme.test/two") == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("asanna:1:x", "names 'asanna', where nobody can sign in."),
        ("board:1:x", "names 'board', where nobody can sign in."),
        ("asana:1:x:https://asana.test", "'asana', which has one address for everybody."),
        ("asana:1:x", ""),
        ("redmine:1:x", "names 'redmine' without the address of the server"),
        ("redmine:1:x:redmine.acme.test", "names 'redmine' without the address of the server"),
        ("redmine:1:x:https://redmine.acme.test", ""),
    ],
)
def test_what_fits_no_tool_is_told(text: str, said: str) -> None:
    """Else its button would be missing, and nobody would know why."""
    tools = Registry.load().descriptors()
    told = "".join(one.wrong for one in misplaced(tools, clients_of([entry(text)])))
    assert said in told
    assert bool(said) == bool(told)
