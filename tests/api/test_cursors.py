"""Cursors are nobody's secret: whatever somebody writes into one, it opens and breaks nothing."""

import json
from base64 import urlsafe_b64decode
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from bot.api import params
from bot.api.endpoints import ENDPOINTS
from bot.domain.errors import Vanished
from bot.domain.ids import ApiTokenId
from bot.domain.input_errors import BadInput
from bot.domain.operating.api_reading import CursorUnknown, pack, unpack
from bot.domain.operating.api_tokens import ApiToken
from bot.domain.reports.team_reports import filters_from
from bot.services.operating.api_reading import ApiReading
from bot.services.operating.api_tokens import Bearer
from tests.api.desk import Api
from tests.builders import NOON

_KINDS = {"/time-entries": "entries", "/projects": "projects", "/clients": "clients"}
_KINDS |= {"/reports": "report"}
_ANY = st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.floats()
_LIKELY: dict[str, st.SearchStrategy[Any]] = {
    "p": st.sampled_from(["m2026-11-01", "y2026-01-01", "s2026-11-01.9", "d0001-01-01", ""]),
    "f": st.sampled_from([";;;;", "p1,t2;3;4;bug;y", ";;;%00;", ";;;%F0%9F%92%A9;n"]),
    "t": st.booleans(),
    "s": st.sampled_from(["", "2026-11-01T00:00:00+00:00", "0001-01-01T00:00:00+23:59", "x"]),
    "l": st.integers(0, 600),
    "d": st.sampled_from(["2026-11-20", "0001-01-01", "9999-12-31", "x"]),
    "i": st.integers(-1, 2**63),
    "o": st.dictionaries(st.sampled_from(["EUR", "KWD", "XXX"]), st.integers(-1, 2**63)),
    "g": st.sampled_from(["project", "label", "day", "nobody"]),
    "n": st.integers(-1, 2**40),
    "a": st.integers(-1, 2**63),
    "w": st.sampled_from(["true", "false", "any", "x"]),
}
_HELD = st.fixed_dictionaries(
    {}, optional={name: likely | _ANY for name, likely in _LIKELY.items()}
) | st.fixed_dictionaries(_LIKELY)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(path=st.sampled_from(sorted(_KINDS)), held=_HELD)
def test_whatever_is_in_a_cursor_is_read_or_refused(
    api: Api, path: str, held: dict[str, Any]
) -> None:
    """Never an error of ours, on either database."""
    cursor = pack(_KINDS[path], **held)
    endpoint = next(one for one in ENDPOINTS if one.path == path)
    token = ApiToken(ApiTokenId(1), "sheet", NOON, None, None)
    try:
        asked = params.read(endpoint.params, QueryParams(f"cursor={cursor}"))
        endpoint.find(ApiReading(api.world.uow), Bearer(api.agency.admin, token), asked, NOON)
    except (BadInput, Vanished):
        return


async def test_a_cursor_says_what_was_asked_and_no_more(api: Api) -> None:
    """No name, note or token in it: it ends in logs of proxies."""
    api.hours(api.agency.ana, days=3)
    page = await api.got("/time-entries", api.agency.ana, limit=1)
    cursor = str(page["next_cursor"])
    held = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    assert set(held) == {"k", "p", "f", "t", "s", "l", "d", "i", "o"}


def test_of_another_list_it_is_refused() -> None:
    """Pages of projects do not go on with entries; nor does anything that was cut."""
    cursor = pack("projects", a=1, l=2, w="any")
    assert unpack("projects", cursor)["a"] == 1
    for kind, wrong in (("entries", cursor), ("projects", cursor[:-3]), ("projects", "\u00e9")):
        with pytest.raises(CursorUnknown):
            unpack(kind, wrong)
    assert filters_from(";;;%00;") is None
