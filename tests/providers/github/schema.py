"""As much of GitHub's GraphQL as the adapter asks, run by graphql-core over a stand-in's state.

The published schema, where it is there, judges requests and answers besides.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLAbstractType,
    GraphQLError,
    GraphQLResolveInfo,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from tests.http_server import Say

_MOST = 100

SCHEMA = build_schema(
    """
scalar DateTime
scalar URI
scalar BigInt
interface Node { id: ID! }
interface ProjectV2Owner { projectsV2(first: Int, after: String): ProjectV2Connection! }
type Query {
  viewer: User!
  node(id: ID!): Node
  nodes(ids: [ID!]!): [Node]!
  repository(owner: String!, name: String!): Repository
  organization(login: String!): Organization
}
type PageInfo { hasNextPage: Boolean!, endCursor: String }
type User implements Node & ProjectV2Owner {
  id: ID!, databaseId: Int, login: String!, name: String, email: String!
  organizationVerifiedDomainEmails(login: String!): [String!]!
  organizations(first: Int, after: String): OrganizationConnection!
  repositories(
    first: Int, after: String, ownerAffiliations: [RepositoryAffiliation]
  ): RepositoryConnection!
  projectsV2(first: Int, after: String): ProjectV2Connection!
}
type UserConnection { pageInfo: PageInfo!, nodes: [User] }
type Organization implements Node & ProjectV2Owner {
  id: ID!, databaseId: Int, login: String!
  membersWithRole(first: Int, after: String): UserConnection!
  projectsV2(first: Int, after: String): ProjectV2Connection!
}
type OrganizationConnection { pageInfo: PageInfo!, nodes: [Organization] }
enum RepositoryAffiliation { COLLABORATOR ORGANIZATION_MEMBER OWNER }
type Repository implements Node {
  id: ID!, databaseId: Int, hasIssuesEnabled: Boolean!
  issue(number: Int!): Issue
  issues(first: Int, after: String, orderBy: IssueOrder, filterBy: IssueFilters): IssueConnection!
  collaborators(first: Int): UserConnection
}
type RepositoryConnection { pageInfo: PageInfo!, nodes: [Repository] }
enum OrderDirection { ASC DESC }
enum IssueOrderField { COMMENTS CREATED_AT UPDATED_AT }
input IssueOrder { field: IssueOrderField!, direction: OrderDirection! }
input IssueFilters { since: DateTime }
enum IssueState { CLOSED OPEN }
enum IssueStateReason { COMPLETED DUPLICATE NOT_PLANNED REOPENED }
type Label { name: String! }
type LabelConnection { nodes: [Label] }
type Milestone { title: String! }
type Issue implements Node {
  id: ID!, number: Int!, title: String!, url: URI!, state: IssueState!
  stateReason: IssueStateReason, updatedAt: DateTime!, repository: Repository!
  assignees(first: Int): UserConnection!, labels(first: Int): LabelConnection
  milestone: Milestone, parent: Issue
  comments(last: Int, before: String): IssueCommentConnection!
}
type PreviousPageInfo { hasPreviousPage: Boolean!, startCursor: String }
type IssueComment { fullDatabaseId: BigInt, viewerDidAuthor: Boolean!, body: String! }
type IssueCommentConnection { pageInfo: PreviousPageInfo!, nodes: [IssueComment] }
type IssueConnection { totalCount: Int!, pageInfo: PageInfo!, nodes: [Issue] }
type DraftIssue implements Node {
  id: ID!, title: String!, updatedAt: DateTime!, assignees(first: Int): UserConnection!
}
type PullRequest implements Node { id: ID! }
union ProjectV2ItemContent = DraftIssue | Issue | PullRequest
type ProjectV2ItemFieldSingleSelectValue { name: String }
type ProjectV2ItemFieldTextValue { text: String }
union ProjectV2ItemFieldValue = ProjectV2ItemFieldSingleSelectValue | ProjectV2ItemFieldTextValue
type ProjectV2Item implements Node {
  id: ID!, fullDatabaseId: BigInt, isArchived: Boolean!, updatedAt: DateTime!
  project: ProjectV2!, content: ProjectV2ItemContent
  fieldValueByName(name: String!): ProjectV2ItemFieldValue
}
type ProjectV2ItemConnection { pageInfo: PageInfo!, nodes: [ProjectV2Item] }
type ProjectV2 implements Node {
  id: ID!, title: String!, url: URI!, closed: Boolean!, public: Boolean!, template: Boolean!
  owner: ProjectV2Owner!
  items(first: Int, after: String): ProjectV2ItemConnection!
}
type ProjectV2Connection { pageInfo: PageInfo!, nodes: [ProjectV2] }
"""
)


class Wrong(Exception):
    """An error with a type, as GitHub names them."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def answered(root: object, body: Mapping[str, Any]) -> Say:
    """What a request gets; an error is an answer of 200 like any other."""
    document = _document(str(body["query"]))
    if isinstance(document, list):
        return Say(body={"errors": [{"message": error.message} for error in document]})
    done = execute_sync(
        SCHEMA,
        document,
        root_value=root,
        variable_values=body.get("variables"),
        type_resolver=_kind_of,
    )
    said: dict[str, Any] = {"data": done.data}
    if done.errors:
        said["errors"] = [
            {
                "type": getattr(error.original_error, "kind", "INTERNAL"),
                "path": list(error.path or ()),
                "locations": [{"line": one.line, "column": one.column} for one in error.locations]
                if error.locations
                else [],
                "message": error.message,
            }
            for error in done.errors
        ]
    return Say(body=said)


@cache
def _document(query: str) -> DocumentNode | list[GraphQLError]:
    """A text that is right, or what is wrong with it."""
    try:
        document = parse(query)
    except GraphQLError as error:
        return [error]
    return validate(SCHEMA, document) or document


def connection(
    rows: Sequence[tuple[int, object]], first: int, after: str | None, most: int = _MOST
) -> dict[str, Any]:
    """A page of rows in the order of their keys; the cursor remembers the last key, no offset."""
    if not 0 < first <= _MOST:
        raise Wrong("EXCESSIVE_PAGINATION", f"Requesting {first} records exceeds the `first` limit")
    start = None if after is None else int(b64decode(after).removeprefix(b"cursor:"))
    left = sorted((row for row in rows if start is None or row[0] > start), key=lambda row: row[0])
    shown = left[: min(first, most)]
    last = b64encode(f"cursor:{shown[-1][0]}".encode()).decode() if shown else None
    return {
        "totalCount": len(rows),
        "pageInfo": {"hasNextPage": len(left) > len(shown), "endCursor": last},
        "nodes": [row for _, row in shown],
    }


def _kind_of(value: Any, _: GraphQLResolveInfo[Any], __: GraphQLAbstractType) -> str:  # noqa: ANN401
    return str(value["__typename"])
