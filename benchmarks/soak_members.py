"""The people of the soak: they type commands without rest, in a process of their own.

A command goes to one of the web processes in turn, signed and formed as Slack does. Where no
answer comes it goes to the next one, with the same trigger and Slack's headers for a retry; Slack
waits longer between its three retries than is done here.
"""

import asyncio
import random
import re
import time
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode

import aiohttp

from benchmarks import soak_names as names
from benchmarks.apart import obey, orders, say
from playground.delivery import signature

TIMEOUT = 3.0
"""Slack hangs up after so many seconds."""

RETRIES = (0.0, 0.0, 2.0, 5.0)
"""Seconds before each try."""

BREATH = 1.5
"""Seconds from an answer to the same person's next command: less than a second is not kept."""

_TOLD = re.compile(r"Logged |Stopped |Started |, started |That is logged already")


@dataclass(slots=True)
class Person:
    """Somebody, and whether their timer runs as far as they know."""

    team: str
    channel: str
    id: str
    keys: Sequence[str]
    is_on: str = ""


@dataclass(slots=True)
class Command:
    """One that was typed."""

    number: int
    who: Person
    text: str
    verb: str
    key: str = ""
    answer: str = ""
    tries: int = 0
    seconds: float = 0.0

    @property
    def writes(self) -> bool:
        """It leaves a mark."""
        return self.verb in {"log", "start", "stop"}


@dataclass(slots=True)
class Told:
    """What people were told."""

    done: list[int] = field(default_factory=list)
    """Commands that were told as done."""
    later: list[int] = field(default_factory=list)
    """Those whose result was promised for later."""
    rest: list[int] = field(default_factory=list)
    """Refused, broken, or never answered."""
    unchanged: list[int] = field(default_factory=list)
    """Those of which it was said that nothing was changed."""
    words: Counter[str] = field(default_factory=Counter)
    """What was said instead."""


class Crowd:
    """Everybody."""

    def __init__(self, *, addresses: Sequence[str], slack: str, seed: int) -> None:
        self._addresses = addresses
        self._slack = slack
        self._rolls = random.Random(seed)  # noqa: S311 - what people do, not secrets
        self._numbers = count(1)
        self._turns = count()
        self._idle: deque[tuple[float, Person]] = deque()
        self._told = Told()
        self._loop = asyncio.new_event_loop()
        self._http: aiohttp.ClientSession | None = None

    def people_are(self, teams: Sequence[Mapping[str, object]]) -> Mapping[str, object]:
        """Who there is."""
        for one in teams:
            for user in one["people"]:  # type: ignore[attr-defined]
                person = Person(str(one["team"]), str(one["channel"]), str(user), one["keys"])  # type: ignore[arg-type]
                self._idle.append((0.0, person))
        self._rolls.shuffle(self._idle)
        return {"people": len(self._idle)}

    def drive(self, *, rate: float, seconds: float) -> Mapping[str, object]:
        """So many commands a second, for so long; how they were answered."""
        return self._loop.run_until_complete(self._drive(rate, seconds))

    def close(self) -> None:
        """Lets connections go."""
        if self._http is not None:
            self._loop.run_until_complete(self._http.close())

    def told(self) -> Mapping[str, object]:
        """What people were told."""
        told = self._told
        return {
            "done": told.done,
            "later": told.later,
            "rest": told.rest,
            "unchanged": told.unchanged,
            "words": dict(told.words.most_common(12)),
        }

    async def _drive(self, rate: float, seconds: float) -> Mapping[str, object]:
        if self._http is None:
            self._http = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0), trust_env=False
            )
        began, worked = time.monotonic(), time.process_time()
        sent: list[asyncio.Task[Command]] = []
        missed = due = 0
        while (passed := time.monotonic() - began) < seconds:
            while due < passed * rate:
                due += 1
                person = self._next()
                if person is None:
                    missed += 1
                else:
                    sent.append(asyncio.create_task(self._acts(person)))
            await asyncio.sleep(0.004)
        commands = await asyncio.gather(*sent)
        taken = sorted(one.seconds for one in commands) or [0.0]
        answered = sum(bool(one.answer) for one in commands)
        return {
            "sent": len(commands),
            "answered": answered,
            "again": sum(one.tries > 1 for one in commands),
            "missed": missed,
            "seconds": time.monotonic() - began,
            "cpu": time.process_time() - worked,
            "p50": taken[len(taken) // 2],
            "p99": taken[int(len(taken) * 0.99)],
            "most": taken[-1],
        }

    def _next(self) -> Person | None:
        if self._idle and self._idle[0][0] <= time.monotonic():
            return self._idle.popleft()[1]
        return None

    async def _acts(self, who: Person) -> Command:
        command = self._chosen(who)
        began = time.monotonic()
        await self._sent(command)
        command.seconds = time.monotonic() - began
        self._noted(command)
        self._idle.append((time.monotonic() + BREATH, who))
        return command

    def _chosen(self, who: Person) -> Command:
        number = next(self._numbers)
        roll, mark, key = self._rolls.random(), names.mark(number), self._rolls.choice(who.keys)
        if roll < 0.2:  # noqa: PLR2004 - a fifth only looks
            verb = self._rolls.choice(("status", "today"))
            return Command(number, who, verb, verb)
        if who.is_on and roll < 0.4:  # noqa: PLR2004
            return Command(number, who, f"stop {mark}", "stop")
        if roll < 0.5 and key != who.is_on:  # noqa: PLR2004
            return Command(number, who, f"start {key} {mark}", "start", key)
        length = self._rolls.randrange(1, 90)
        return Command(number, who, f"log {length}m {key} {mark}", "log", key)

    async def _sent(self, command: Command) -> None:
        who = command.who
        body = urlencode(
            {
                "token": "soak",
                "team_id": who.team,
                "team_domain": who.team.casefold(),
                "channel_id": who.channel,
                "channel_name": "ops",
                "user_id": who.id,
                "user_name": who.id.casefold(),
                "command": "/track",
                "text": command.text,
                "api_app_id": "A1",
                "is_enterprise_install": "false",
                "response_url": f"{self._slack}/late/{command.number}",
                "trigger_id": f"{command.number}.{who.team}.soak",
            }
        )
        reason = ""
        for wait in RETRIES:
            await asyncio.sleep(wait)
            command.tries += 1
            again = {
                "x-slack-retry-num": str(command.tries - 1),
                "x-slack-retry-reason": reason,
            }
            found, reason = await self._tried(body, again if reason else {})
            if found is not None:
                command.answer = found
                return

    async def _tried(self, body: str, again: Mapping[str, str]) -> tuple[str | None, str]:
        """The answer, or why there is none, in Slack's words."""
        address = self._addresses[next(self._turns) % len(self._addresses)]
        moment = str(int(time.time()))
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "x-slack-request-timestamp": moment,
            "x-slack-signature": signature(names.SECRET, moment, body),
            **again,
        }
        assert self._http is not None  # noqa: S101 - opened by drive
        limit = aiohttp.ClientTimeout(total=TIMEOUT)
        try:
            async with self._http.post(
                f"{address}/slack/events", data=body.encode(), headers=headers, timeout=limit
            ) as answer:
                if answer.status != 200:  # noqa: PLR2004 - HTTP's own number
                    return None, "http_error"
                told = await answer.json(content_type=None)
                return str((told or {}).get("text") or "nothing"), ""
        except TimeoutError:
            return None, "http_timeout"
        except (aiohttp.ClientError, ConnectionError):
            return None, "connection_failed"

    def _noted(self, command: Command) -> None:
        told, answer = self._told, command.answer
        if not command.writes:
            if not answer:
                told.words["(a question without an answer)"] += 1
            return
        if answer.startswith("Still working"):
            told.later.append(command.number)
        elif is_done(answer):
            told.done.append(command.number)
        else:
            told.rest.append(command.number)
            if "othing was changed" in answer:
                told.unchanged.append(command.number)
            told.words[re.sub(r"Reference .*|\*.*?\*|\d\S*", "..", answer)[:100] or "(none)"] += 1
        if command.verb == "start" and (not answer or is_done(answer) or _is_on(answer)):
            command.who.is_on = command.key
        elif command.verb == "stop":
            command.who.is_on = ""


def is_done(answer: str) -> bool:
    """Whether that was told as done, which a retry may hear as well."""
    return bool(_TOLD.search(answer))


def _is_on(answer: str) -> bool:
    """Says nothing of the command itself: an earlier one, without an answer, may have begun it."""
    return answer.startswith("Already on")


def main() -> None:
    """The process: its first order says where to and who."""
    say()
    order = next(orders())
    crowd = Crowd(addresses=order["addresses"], slack=order["slack"], seed=order["seed"])
    told = crowd.people_are(order["teams"])
    obey({"drive": crowd.drive, "told": crowd.told}, **told)
    crowd.close()


if __name__ == "__main__":
    main()
