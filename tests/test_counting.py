"""Where nobody asks for numbers, nothing is counted."""

from bot.counting import Uncounted


async def test_uncounted_work_is_done_as_it_is() -> None:
    """No layer comes between, and none changes what a delivery or a sync brings about."""

    async def send(what: str) -> str:
        return f"sent {what}"

    counting = Uncounted()
    counting.answered("command", "done", 0.02)
    works = counting.counting_deliveries({"run.report": send})
    assert await works["run.report"]("it") == "sent it"
    assert counting.timing_syncs(send) is send
