"""The same stories, told over HTTP and at a real browser: both see and do the same."""

import pytest

from tests.playground.bench import Bench
from tests.playground.browser.conftest import People
from tests.playground.browser.kitchen import COLOURS, FRUIT, cook


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
    ana.does_not_see("Ordered: 4")


def test_every_field_is_filled(bench: Bench, people: People) -> None:
    """What is entered arrives as Slack sends it, whichever way it was entered."""
    sent = cook(bench)
    ana = people("ana")
    ana.types("/do all", channel="general")
    ana.sees("Radio: [ ] Red [ ] Green [x] Blue")
    ana.fills("Note", "two\nlines")
    ana.fills("Name", "n")
    ana.fills("Number", "12")
    ana.fills("Mail", "ana")
    ana.fills("Link", "acme.test")
    assert ana.submits() == {
        "Name": "Please enter at least 2 characters.",
        "Number": "Please enter a number of at most 9.",
        "Mail": "Please enter a valid email address.",
        "Link": "Please enter a valid URL.",
    }
    ana.fills("Name", "Ana")
    ana.fills("Number", "7")
    ana.fills("Mail", "ana@acme.test")
    ana.fills("Link", "https://acme.test/")
    ana.chooses("Day", "2026-12-24")
    ana.fills("Time", "09:30")
    ana.fills("Moment", "1795510800")
    ana.chooses("One", "Green")
    ana.chooses("Many", ["Green", "Blue"])
    ana.chooses("Fruit", "Apricot", typing="ap")
    ana.chooses("Fruits", ["Apple", "Banana"])
    ana.chooses("Boxes", ["Red", "Blue"])
    ana.chooses("Radio", "Green")
    ana.chooses("Who", "bo")
    ana.chooses("People", ["Bo Lindqvist", "@cleo"])
    ana.chooses("Where", "web")
    ana.chooses("Channels", ["#general", "web"])
    ana.sees("Many: <Green, Blue>")
    assert ana.submits() == {}
    values = {key: next(iter(value.values())) for key, value in sent[-1].items()}
    entered = {
        key: next(v for k, v in value.items() if k != "type") for key, value in values.items()
    }
    assert entered == {
        "note": "two\nlines",
        "name": "Ana",
        "number": "7",
        "mail": "ana@acme.test",
        "link": "https://acme.test/",
        "day": "2026-12-24",
        "time": "09:30",
        "moment": 1795510800,
        "one": COLOURS[1],
        "many": COLOURS[1:],
        "fruit": FRUIT[1],
        "fruits": [FRUIT[0], FRUIT[2]],
        "boxes": [COLOURS[0], COLOURS[2]],
        "radio": COLOURS[1],
        "who": "U0BO",
        "people": ["U0BO", "U0CLEO"],
        "where": "C0WEB",
        "channels": ["C0GENERAL", "C0WEB"],
    }


def test_of_equal_buttons_the_one_at_the_text_is_clicked(bench: Bench, people: People) -> None:
    """`on` names the row, menus open by themselves, questions are answered as told."""
    cook(bench)
    ana = people("ana")
    ana.types("/do rows", channel="general")
    ana.clicks("Open", on="Site")
    ana.sees("Did open Site")
    ana.clicks("Archive", on="Wiki")
    ana.sees("Did archive Wiki")
    ana.clicks("Rename")
    ana.sees("Did rename Shop")
    ana.clicks("Delete", on="Site", confirm=False)
    ana.does_not_see("Did delete Site")
    ana.clicks("delete", on="Site")
    ana.sees("Did delete Site")
    assert ana.clicks("Read", on="Wiki") == "https://example.test/Wiki"
    with pytest.raises(AssertionError, match="was not asked to confirm 'Open'"):
        ana.clicks("Open", on="Wiki", confirm=False)


def test_choices_that_tell_the_app_at_once(bench: Bench, people: People) -> None:
    """The call is over once the app was told; the words beside a field find it, too."""
    sent = cook(bench)
    ana = people("ana")
    ana.types("/do instant", channel="general")
    ana.chooses("Pick a colour", "Green")
    assert sent[-1]["selected_option"]["value"] == "green"
    ana.chooses("Day", "2026-12-24", on="Pick a colour")
    assert sent[-1]["selected_date"] == "2026-12-24"
    ana.fills("Search", "words")
    assert sent[-1]["value"] == "words"
    assert len(sent) == 3
    ana.closes()


def test_modals_are_stacked_and_closed(
    bench: Bench, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closing shows the one below; everything closes all of them."""
    cook(bench)
    ana = people("ana")
    ana.types("/do", channel="general")
    for title in ("Two", "Three"):
        assert ana.submits() == {}
        ana.sees(f"This is {title}")
    ana.closes()
    two = ana.modal
    assert two is not None
    assert two.title == "Two"
    ana.closes(everything=True)
    assert ana.modal is None
    monkeypatch.setattr("playground.driver.SOON", 0.1)
    monkeypatch.setattr("playground.browser.person.SOON", 0.1)
    with pytest.raises(AssertionError, match="@ana has no modal open"):
        ana.submits()


def test_people_write_to_one_another_and_in_threads(people: People) -> None:
    """Direct messages stay between two, a thread belongs to its message."""
    ana, bo, cleo = (people(name) for name in ("ana", "bo", "cleo"))
    ana.types("just us", channel="bo")
    bo.sees("just us", channel="ana")
    ana.types("topic for @bo & *all*", channel="web")
    parent = ana.messages("web")[-1]
    bo.types("reply", channel="web", thread=parent.ts)
    cleo.goes_to("web")
    cleo.sees("topic for @bo & all")
    cleo.sees("reply")
    cleo.does_not_see("just us", within=0)
    texts = [seen.text.replace("Bo Lindqvist", "bo") for seen in ana.messages("web", parent.ts)]
    assert texts == ["topic for @bo & all", "reply"]
    assert [seen.text for seen in cleo.messages()][-1] == "reply"


def test_home_shortcuts_and_channels(people: People) -> None:
    """The Home tab, a global and a message shortcut, and a channel one enters."""
    ana, gus = people("ana"), people("gus")
    ana.opens_home()
    ana.sees("Welcome, @ana")
    assert ana.home is not None
    ana.uses_shortcut("Order fruit")
    ana.types("hi there", channel="app")
    ana.sees("I heard: hi there", channel="app")
    ana.goes_to("general")
    ana.sees("I heard: hi there")
    with pytest.raises(AssertionError, match="no shortcut is called 'Nope'; there are: "):
        ana.uses_shortcut("Nope")
    with pytest.raises(AssertionError, match="no conversation 'leads'"):
        gus.goes_to("leads")


def test_channels_are_left_and_joined_and_messages_acted_on(bench: Bench, people: People) -> None:
    """Somebody who left can come back; a message shortcut carries the message it is used on."""
    ana, bo = people("ana"), people("bo")
    ana.types("/leave", channel="ops")
    ana.joins("ops")
    ana.types("back again", channel="ops")
    bo.sees("back again", channel="ops")
    bo.uses_shortcut("Echo this", on="back again", channel="ops")
    assert bench.wait_for("message_action")[0]["message"]["text"] == "back again"


def test_failures_show_what_is_there(people: People) -> None:
    """A text, a button, a field or a choice that is missing is told with what there is."""
    ana = people("ana")
    ana.types("/echo x", channel="general")
    with pytest.raises(AssertionError, match=r"(?s)does not see 'zebra'.*You said x"):
        ana.sees("zebra", timeout=0.1)
    with pytest.raises(AssertionError, match="sees 'You said x', but should not"):
        ana.does_not_see("You said x")
    with pytest.raises(AssertionError, match=r"no button 'Quieter'; there are: \[Louder\]"):
        ana.clicks("Quieter", timeout=0.1)
    ana.clicks("Order fruit")
    with pytest.raises(AssertionError, match="not offered 'Cherry'; offered: Apple, Apricot"):
        ana.chooses("Fruit", "Cherry", typing="a")
    with pytest.raises(AssertionError, match="finds no field 'Color'"):
        ana.fills("Color", "red", timeout=0.1)
    with pytest.raises(AssertionError, match="finds no button 'Louder'"):
        ana.clicks("Louder", timeout=0.1)
    ana.closes()
    ana.clicks("Louder")
    ana.sees("X!")
