"""Modals, Home tabs, and the permissions that run out."""

from tests.playground.bench import Bench


def test_a_modal_is_filled_and_sent(bench: Bench) -> None:
    """A click opens a form; choices are asked of the app; a wrong field is said; then it goes."""
    ana = bench.person("ana")
    ana.types("/echo x", channel="general")
    ana.clicks("Order fruit")
    ana.sees("Order fruit")
    assert ana.submits() == {"Fruit": "Please complete this required field."}
    ana.chooses("Fruit", "Apricot", typing="ap")
    ana.fills("How many", "lots")
    assert ana.submits() == {"How many": "That is not a number."}
    ana.sees("That is not a number.")
    ana.fills("How many", "3")
    assert ana.submits() == {}
    assert ana.modal is None
    ana.sees("Ordered: 3 Apricot")
