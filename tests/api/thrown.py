"""Schemathesis' own engine, run from a test: everything it has to throw, and what came of it."""

from collections import Counter
from dataclasses import dataclass, field

from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.schemas import BaseSchema


@dataclass
class Thrown:
    """What was asked, and what was wrong with the answers."""

    wrong: list[str] = field(default_factory=list)
    requests: Counter[str] = field(default_factory=Counter)
    """By operation."""
    statuses: Counter[int] = field(default_factory=Counter)


def throw(schema: BaseSchema) -> Thrown:
    """Runs every phase and every check that is on."""
    found = Thrown()
    for event in from_schema(schema).execute():
        match event:
            case events.ScenarioFinished():
                _note(found, event.recorder)
            case events.NonFatalError() | events.FatalError():
                found.wrong.append(repr(event))
            case _:
                pass
    return found


def _note(found: Thrown, recorder: ScenarioRecorder) -> None:
    for interaction in recorder.interactions.values():
        found.requests[recorder.label] += 1
        if interaction.response is not None:
            found.statuses[interaction.response.status_code] += 1
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                said = f"{check.name}: {failure.title} {failure.message}"
                asked = check.failure_info.code_sample
                found.wrong.append(f"{recorder.label} {case_id} {said}\n{asked}")
