"""Throws random words at the grammar: ``make fuzz``, or ``python -m tests.fuzz_grammar``.

A number of lines and a seed may follow. Every core takes its share, in pieces of 20,000 lines; the
seed of a piece that fails is told, and ``python -m tests.fuzz_grammar 20000 SEED`` shows it again.

Two promises are checked. Nothing but ``BadInput`` is ever raised. And a command that was
understood, written back to words, is understood as the same command.
"""

import random
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed

from bot.domain.input_errors import BadInput
from handlers.grammar import LINK, TRACK, parse_link, parse_track, words

PIECE = 20_000

_TRACK = [spelling for verb in TRACK for spelling in (verb.name, *verb.aliases)]
_LINK = [spelling for verb in LINK for spelling in (verb.name, *verb.aliases)]
_PIECES = (
    # tasks and projects
    *("TASK-12", "task-012:", "A1-3", "#12", "12", "00", "0", "30", "https://a.test/b?c=1&amp;d=2"),
    *("<https://a.test/x|a label>", "<https://a.test/x>:", "<mailto:a@b.test|a@b.test>", "http://"),
    *('"Acme Web"', '"a ""b"" c"', "'Acme Web'", '""', '"', "'", "'tis", "\u201cWeb\u201d", "it's"),
    # times, lengths, days
    *("-15m", "-1h", "-1h30m", "-0m", "-25h", "15m", "ago", "at", "09:30", "9", "9am", "9", "am"),
    *("pm", "0930", "17h30", "noon", "midnight", "24:00", "25:00", "14:00-15:30", "14:00", "to"),
    *("15:30", "1h30m", "1h", "90m", "1:30", "1.5h", "1,5h", ".5h", "1", "hour", "and", "minutes"),
    *("1:30h", "1,5", "Std.", "\u00bdh", "1 \u00bd h", "17 h 30", "9 Uhr", "Uhr", "from", "until"),
    *("9-11am", "11-1pm", "14-16h", "bis", "days", "3 days ago", "last", "last mon", "fri 20 nov"),
    *("45", "s", "m", "h", "30s", "99999999999h", "today", "yesterday:", "mon", "sunday", "on"),
    *("2026-11-20", "20.11.", "20/11", "11/20", "31.02.", "20", "nov", "2026", "29", "feb", "may"),
    # reports
    *("by", "per", "task", "project", "label", "days", "for", "in", "since", "from", "..", "last"),
    *("this", "week", "month", "2026-W45", "w5", "q3", "1-15", "2026-11", "between", "30d"),
    *("chart", "as a chart", "schedule", "every", "mon", "day", "monthly", "to", "me", "on the"),
    *("csv", "as", "as csv", "csv:", "xlsx", "as excel", "team", "for team", "everyone", "person"),
    *("client", 'client "Acme Corp"', "label", "label urgent", "billable", "non-billable", "@ana"),
    # notes and plain words
    *(
        "note:",
        "note:x",
        "note",
        "--",
        "-",
        "\u2013",
        "\u2014",
        ":",
        "::",
        ":tada:",
        "fix",
        "header",
    ),
    *(
        "fix:",
        "\u00e9",
        "e\u0301",
        "\u0130",
        "\U0001f469\u200d\U0001f4bb",
        "\u05e9\u05dc",
        "x" * 300,
    ),
    # Slack's own
    *("&amp;", "&lt;", "&gt;", "&lt;@U1&gt;", "<@U1|ana>", "<@U2>", "@bo", "@bo,", "<#C1|web>"),
    *("<#C1|12>", "<#C2>", "#web", "<!here>", "<!subteam^S1|@devs>", "<", ">", "|", "<@U1|a -15m>"),
    # /link
    *("all", "new", "to", "off", "none", "remove", "link", "members", "auto", "announce", "access"),
    *("everyone", "personal", "on", "include", "exclude", "workspace", "for", "jira", "Website"),
    *("writeback", "write-back", "approved"),
    # nothing to see
    *("\u200b", "\u202e", "\x00", "\n", "\t", "\u00a0", "\ud800", "\ufeff", "\u0338", "\u037e"),
)
# The verbs with most to read, and what a random line seldom has.
_DEEP_TRACK = ["start", "stop", "switch", "log", "log", "report", "week", "today", "unlock", "done"]
_DEEP_LINK = ["policy", "manager", "users", "channel", "project", "channel-default", "sync"]
_LENGTHS = ("1h", "1h30m", "-15m", "14:00-15:30", "at 09:30", "15m ago", "yesterday", "<@U1>", "#c")
_CHARACTERS = "aAzZ019 -:.,/#@<>|&;\"'\u2019\u201c\u2014\u00e9\u0301\u0660\u00b2\u200b\n\U0001f600"


def line(pick: random.Random, verbs: list[str], deep: list[str]) -> str:
    """Random words after a slash command, most of them beginning with a verb."""
    pieces = pick.choices(_PIECES, k=pick.randrange(9))
    if pick.random() < 0.6:
        verbs, pieces = deep, [*pick.choices(_LENGTHS, k=pick.randrange(3)), *pieces]
        pick.shuffle(pieces)
    if pick.random() < 0.05:
        pieces.append("".join(pick.choices(_CHARACTERS, k=pick.randrange(40))))
    first = pick.choice(verbs) if pick.random() < 0.95 else pick.choice(_PIECES)
    space = "" if pick.random() < 0.02 else " "
    return space.join((first, *pieces))


def check(count: int, seed: int) -> Counter[str]:
    """Try this many random lines; how often each outcome came.

    Raises:
        AssertionError: a promise is broken; it names seed, line and outcome.
    """
    pick = random.Random(seed)  # noqa: S311 - repeatable, not secret
    outcomes: Counter[str] = Counter()
    for _ in range(count):
        if pick.random() < 0.7:
            outcomes[_try_track(line(pick, _TRACK, _DEEP_TRACK), seed)] += 1
        else:
            outcomes[_try_link(line(pick, _LINK, _DEEP_LINK), seed)] += 1
    return outcomes


def _try_track(text: str, seed: int) -> str:
    try:
        command = parse_track(text)
    except BadInput as refusal:
        return type(refusal).__name__
    except Exception as error:
        raise AssertionError(f"seed {seed}: /track {text!r} raised {error!r}") from error
    try:
        again = parse_track(words(command))
    except Exception as error:
        raise AssertionError(f"seed {seed}: /track {text!r} is {command}: {error!r}") from error
    assert again == command, f"seed {seed}: /track {text!r} is {command}, then {again}"
    return type(command).__name__


def _try_link(text: str, seed: int) -> str:
    try:
        command = parse_link(text)
    except BadInput as refusal:
        return type(refusal).__name__
    except Exception as error:
        raise AssertionError(f"seed {seed}: /link {text!r} raised {error!r}") from error
    try:
        again = parse_link(words(command))
    except Exception as error:
        raise AssertionError(f"seed {seed}: /link {text!r} is {command}: {error!r}") from error
    assert again == command, f"seed {seed}: /link {text!r} is {command}, then {again}"
    return type(command).__name__


def main() -> None:
    """Run from a shell; the numbers are optional."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PIECE
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(10**9)
    sizes = [min(PIECE, count - start) for start in range(0, count, PIECE)]
    outcomes: Counter[str] = Counter()
    began, tried = time.perf_counter(), 0
    with ProcessPoolExecutor() as pool:
        pieces = {pool.submit(check, size, seed + at): size for at, size in enumerate(sizes)}
        try:
            for piece in as_completed(pieces):
                outcomes += piece.result()
                tried += pieces[piece]
                seconds = time.perf_counter() - began
                rate = f"{tried / seconds:,.0f} a second"
                sys.stdout.write(f"\r{tried:,} of {count:,} lines, {rate}, {seconds:.0f} s ")
                sys.stdout.flush()
        except AssertionError as broken:
            pool.shutdown(cancel_futures=True)
            sys.exit(f"\n{broken}")
    summary = ", ".join(f"{name} {times:,}" for name, times in outcomes.most_common())
    sys.stdout.write(f"\nseed {seed}, no promise broken: {summary}\n")


if __name__ == "__main__":
    main()
