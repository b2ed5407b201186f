"""Buttons pressed by whoever reads them."""

from datetime import datetime
from typing import Any

from bot.domain.errors import HourlinkError
from bot.domain.input_errors import BadInput
from bot.domain.people.people import Member
from bot.views import failures
from bot.views.message import Message, Modal
from handlers.asking import Click
from handlers.replies import Ephemeral
from handlers.routes import Routes
from tests.handlers.track_desk import fits, labelled


class Pressing:
    """A desk at which several people press what they are shown."""

    routes: Routes
    now: datetime

    def clicks(self, who: Member, action: str, value: str = "", metadata: str = "") -> Any:  # noqa: ANN401 - any reply
        """Somebody clicks; what comes back, or what is told about it."""
        name = action.partition("#")[0]
        ask = Click(
            who=who, now=self.now, request_id="r", action=name, value=value, metadata=metadata
        )
        try:
            return self.routes.clicks[name].handler(ask)
        except (HourlinkError, BadInput) as error:
            return Ephemeral(fits(failures.sentence(error)))

    def presses(self, who: Member, message: Message | Modal, label: str) -> Any:  # noqa: ANN401 - any reply
        """Clicks the button that says this."""
        button = labelled(message, label)
        metadata = message.metadata if isinstance(message, Modal) else ""
        return self.clicks(who, button["action_id"], button.get("value", ""), metadata)
