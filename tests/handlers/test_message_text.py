"""Reading a message wherever it says something."""

from handlers.message_text import whole_text


def test_text_blocks_and_attachments_are_read() -> None:
    """A bot's card names its task in a button, a link or a preview's title, not in its text."""
    message = {
        "text": "New issue",
        "blocks": [
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {"type": "text", "text": "see "},
                            {"type": "link", "url": "https://a.test/t/1", "text": "WEB-1"},
                        ],
                    }
                ],
            },
            {
                "type": "section",
                "text": {"type": "mrkdwn", "text": "*WEB-2*"},
                "fields": [{"type": "mrkdwn", "text": "Status\nWEB-3"}],
                "accessory": {
                    "type": "button",
                    "text": {"type": "plain_text", "text": "Open WEB-4"},
                    "url": "https://a.test/t/4",
                },
            },
            {"type": "image", "title": {"type": "plain_text", "text": "WEB-5"}},
        ],
        "attachments": [
            {
                "fallback": "[WEB-6] Fix",
                "title": "WEB-7",
                "title_link": "https://a.test/t/7",
                "from_url": "https://a.test/t/8",
                "fields": [{"title": "Parent", "value": "WEB-9"}],
                "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "WEB-10"}}],
            }
        ],
    }
    said = whole_text(message)
    for number in (1, 2, 3, 4, 5, 6, 7, 9, 10):
        assert f"WEB-{number}" in said
    for number in (1, 4, 7, 8):
        assert f"<https://a.test/t/{number}>" in said


def test_what_a_button_does_is_not_said() -> None:
    """The preview that Hourlink itself made: neither *Start* nor the number of a row."""
    button = {
        "type": "button",
        "text": {"type": "plain_text", "text": "Start"},
        "action_id": "track.start",
        "value": "11",
    }
    title = {"type": "mrkdwn", "text": "WEB-5"}
    preview = {"blocks": [{"type": "section", "text": title, "accessory": button}]}
    assert whole_text({"text": "look at it", "attachments": [preview]}) == "look at it\nWEB-5"


def test_odd_payloads_are_no_trouble() -> None:
    """Whatever Slack leaves out or nests."""
    deep: dict[str, object] = {"text": "end"}
    for _ in range(50):
        deep = {"elements": [deep]}
    assert (
        whole_text({"text": None, "blocks": "x", "attachments": [None, 3], "message": deep}) == ""
    )
    assert whole_text({}) == ""
