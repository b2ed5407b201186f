"""Words and clicks that make no sense: /track answers with a sentence and changes nothing."""

import pytest

from handlers.replies import Ephemeral
from tests.handlers.track_desk import Desk
from tests.services.office import task


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("strat web-12", "`/track` has no \u201cstrat\u201d. Did you mean `start`"),
        ("help satus", "`/track` has no \u201csatus\u201d. Did you mean `status`"),
        ("<script>", "`/track` has no \u201c&lt;script&gt;\u201d."),
    ],
)
def test_a_typo_shows_the_nearest_verb_first(desk: Desk, text: str, first: str) -> None:
    """Then how everything is used."""
    answer = desk.types(text).text
    assert answer.startswith(first)
    assert "`/track help" in answer


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("start", "Start which task?"),
        ("log 1h", "Log 1 h to which task?"),
        ("log fix header", "Say how long"),
        ("log web-99", "Say how long"),
        ("log 90 web-12", "That number has no unit. Write hours as `1.5h`, minutes as `90m`."),
        ("log web-12 tomorrow", "is still to come"),
        ("log 0m web-12", "longer than nothing"),
        ("log 25h web-12", "longer than 24 h"),
        ("log 1h web-12 2026-12-24", "still to come"),
        ("log 14:00-15:30 web-12", "14:00-15:30 is still to come; time is logged once it has"),
        ("log 1h web-12 at 14:00", "14:00-15:00 is still to come; time is logged once it has"),
        ("log 1h web-12 at 14:00", "If it was yesterday, add `yesterday`."),
        ("log 1h web-12 at 12:30", "12:30-13:30 is not over yet; time is logged once it has"),
        ("log 1h web-12 at 12:30", "`/track start TASK-12 at 12:30`"),
        ("start web-12 at 25:00", "no time of day"),
        ("stop", "No timer is running"),
        ("note", "No timer is running"),
        ("note x", "No timer is running"),
        ("cancel", "No timer is running"),
        ("resume", "not tracked anything yet"),
        ("undo", "nothing left to undo"),
        ("today", "Nothing tracked yet"),
        ("week", "Nothing tracked yet"),
        ("stop now or never maybe", "No timer is running"),
        ("start " + "x" * 40_000, "is the most that is read"),
        ("start \u202eredaeh\u202c", "No task"),
        ('start "', "quotation mark"),
        ("start https://acme.test/t/NOPE-1", "No task"),
        ("tasks zzz", "no task that fits"),
        ("status please", "words do not fit here. (\u201cplease\u201d)"),
        ("log 1h WEB-12 tomorrow", "is still to come; time is logged once it has passed"),
        ("log 14:00 WEB-12", "looks like a time of day. Write from and to, `14:00-15:30`"),
        ("today tomorrow", "is still to come"),
        ("today 32 nov", "\u201c32 nov\u201d is no day. Try `yesterday`"),
        ("week 99", "\u201c99\u201d is not a week. Write it as `last`"),
        ("report tomorrow", "is still to come"),
    ],
)
def test_every_mistake_is_answered_with_a_sentence(desk: Desk, text: str, says: str) -> None:
    """Nothing is changed, nothing breaks, and it says what to do."""
    answer = desk.types(text)
    assert says in answer.text
    assert desk.office.entries() == []


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ("track.start", "999999"),
        ("track.start", "p999999"),
        ("track.start", "1; DROP TABLE task"),
        ("track.start", "9" * 40),
        ("track.start", "999999@1"),
        ("track.start", "1@forged"),
        ("track.pick", "1:1"),
        ("track.pick", ":"),
        ("track.stop", "none"),
        ("track.note", "77"),
        ("track.undo", "forged"),
    ],
)
def test_a_forged_value_is_answered_with_a_sentence(desk: Desk, action: str, value: str) -> None:
    """Whatever a click carries."""
    answer = desk.clicks(action, value)
    assert isinstance(answer, Ephemeral)
    assert desk.office.entries() == []


def test_other_peoples_words_stay_words(desk: Desk) -> None:
    """A title cannot mention the channel or make a link."""
    task(desk.office, "WEB-66", "<!channel> *click* <https://evil.test|here>")
    assert "&lt;!channel&gt;" in desk.types("start web-66").text
    assert "&lt;https://evil" in desk.types("today").text
