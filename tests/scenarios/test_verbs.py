"""Every verb on offer is answered by a running Hourlink."""

from pathlib import Path

from handlers.linking import link
from handlers.tracking import track
from tests.scenarios.prepared import said
from tests.scenarios.running import installed


def test_every_verb_on_offer_is_answered(database_url: str, tmp_path: Path) -> None:
    """What help shows as an example leads somewhere, and never to a fault of ours."""
    with installed(database_url, tmp_path, at_noon=True) as installation:
        ana = installation.slack.person("ana")
        lines = [f"{link.NAME} {verb.example}" for verb in link.OFFERED]
        lines += [f"{track.NAME} {verb.example}" for verb in track.OFFERED]
        for line in lines:
            before = len(ana.messages("general"))
            ana.types(line, channel="general")
            if ana.modal is not None:
                ana.closes(everything=True)
            else:
                assert len(ana.messages("general")) > before, line
        assert "on our side" not in said(ana, "/track help")
        assert not [one.text for one in ana.messages("general") if one.holds("on our side")]
        assert "Traceback" not in installation.log()
