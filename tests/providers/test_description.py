"""A stand-in that departs from the published description is found out, and so is an adapter."""

import pytest

from tests.http_server import Say, Seen
from tests.providers.description import Description, KnownError, described

PERSON = {"accountId": "5b10ac8d", "accountType": "atlassian", "displayName": "Mia K"}

pytestmark = pytest.mark.specs


@pytest.fixture
def jira() -> Description:
    """Give Atlassian's own description of Jira Cloud."""
    found = described("jira-cloud-v3.json", outside=("/_edge/",))
    assert found is not None
    return found


def asked(method: str, path: str, body: bytes = b"", **query: str) -> Seen:
    """A request."""
    values = {name: [value] for name, value in query.items()}
    headers = {"content-type": "application/json"} if body else {}
    return Seen(method, path, query, headers, None, values, content=body, target=path)


def test_right_exchange_has_no_violation(jira: Description) -> None:
    """What the vendor describes passes."""
    assert jira.violations(asked("GET", "/rest/api/3/myself"), Say(body=PERSON)) == []


@pytest.mark.parametrize(
    ("seen", "say", "words"),
    [
        (asked("GET", "/rest/api/3/myselves"), Say(body=PERSON), "/rest/api/3/myselves"),
        (asked("GET", "/rest/api/3/myself"), Say(body={**PERSON, "shoe": 42}), "shoe"),
        (asked("GET", "/rest/api/3/myself"), Say(body={**PERSON, "accountType": "x"}), "x"),
        (asked("GET", "/rest/api/3/myself"), Say(418, PERSON), "418"),
        (asked("POST", "/rest/api/3/search/jql", b'{"jql": 1}'), Say(body={}), "string"),
        (asked("GET", "/rest/api/3/user/permission/search"), Say(body=[]), "permissions"),
        (
            asked("GET", "/rest/api/3/project/search", maxResults="many"),
            Say(body={"values": []}),
            "maxResults",
        ),
    ],
    ids=["path", "property", "value", "status", "body", "missing", "query"],
)
def test_what_is_not_described_is_a_violation(
    jira: Description, seen: Seen, say: Say, words: str
) -> None:
    """A slip in the stand-in cannot agree with the same slip in the adapter."""
    (found, *_) = jira.violations(seen, say)
    assert words in found


def test_known_error_of_a_description_is_let_through() -> None:
    """Where the vendor's own document is wrong, that one thing is, and nothing beside it."""
    known = KnownError("GET /rest/api/3/project/{projectIdOrKey}", "shoe", "it has shoes")
    jira = described("jira-cloud-v3.json", known_errors=(known,))
    assert jira is not None
    wrong = Say(body={"id": "1", "shoe": 42})
    assert jira.violations(asked("GET", "/rest/api/3/project/WEB"), wrong) == []
    assert jira.violations(asked("GET", "/rest/api/3/myself"), wrong) != []


def test_paths_outside_a_description_are_not_judged(jira: Description) -> None:
    """Some calls belong to other documents of the same vendor, or to none."""
    assert jira.violations(asked("GET", "/_edge/tenant_info"), Say(body={})) == []
