"""Slack's own framework, as far as we change it."""

from copy import copy

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest


class Bolt(AsyncApp):
    """Bolt without a client made anew for each request, which nothing here uses."""

    def _init_context(self, req: AsyncBoltRequest) -> None:
        # There is no public way to have it made otherwise, or later.
        req.context["logger"] = self.logger
        req.context["client"] = copy(self.client)  # Bolt writes a team's token into it
        req.context["listener_runner"] = self.listener_runner
