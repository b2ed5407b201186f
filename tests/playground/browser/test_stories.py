"""One story, told over HTTP and at a real browser: both see and do the same."""

from tests.playground.browser.conftest import People


def test_a_command_a_modal_and_a_message(people: People) -> None:
    """A click opens a form; a wrong field is said; the order arrives as a direct message."""
    ana = people("ana")
    ana.types("/echo hello", channel="general")
    ana.sees("You said hello")
    ana.clicks("Order fruit")
    ana.sees("Order fruit")
    assert ana.submits() == {"Fruit": "Please complete this required field."}
    ana.chooses("Fruit", "Apricot", typing="ap")
    ana.fills("How many", "lots")
    assert ana.submits() == {"How many": "That is not a number."}
    ana.sees("That is not a number.")
    ana.fills("How many", "3")
    ana.sees("How many: <3>")
    assert ana.submits() == {}
    assert ana.modal is None
    ana.sees("Ordered: 3 Apricot")
