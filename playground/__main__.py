"""Start the playground from a shell."""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from playground.config import Config
from playground.errors import ConfigError
from playground.rates import Limits
from playground.server import Server
from playground.site import Site


def _parser() -> argparse.ArgumentParser:
    defaults = Config()
    parser = argparse.ArgumentParser(
        prog="python -m playground", description="A local stand-in for Slack, in the browser."
    )
    add = parser.add_argument
    add("--app-url", help="where the app listens, as http://127.0.0.1:3000/slack/events")
    add("--manifest", type=Path, help="the app's manifest; without one, everything is allowed")
    add("--team", type=Path, help="the team file; without one, a team of five and a guest")
    add("--host", default="127.0.0.1")
    add("--port", type=int, default=0, help="0 takes a free one")
    add("--signing-secret", default=defaults.signing_secret)
    add("--bot-token", default=defaults.bot_token)
    add("--app-token", default=defaults.app_token)
    add("--client-id", default=defaults.client_id)
    add("--client-secret", default=defaults.client_secret)
    add("--state", type=Path, help="a folder that keeps everything across restarts")
    add("--socket", action="store_true", help="deliver over Socket Mode only")
    add(
        "--rate-limits",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="answer 429 to an app that calls too often, as Slack does",
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until told to stop."""
    options = vars(_parser().parse_args(arguments))
    host, port = options.pop("host"), options.pop("port")
    limits = Limits(rate_limits=options.pop("rate_limits"))
    try:
        server = Server(Site(Config(**options, limits=limits)), host, port)
    except (ConfigError, OSError) as error:
        sys.stderr.write(f"playground: {error}\n")
        return 2

    def stop(*_: object) -> None:
        server.stop()

    def listening() -> None:
        sys.stdout.write(f"Open {server.url}/\n")
        sys.stdout.flush()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    server.run_blocking(listening)
    return 0


if __name__ == "__main__":
    sys.exit(main())
