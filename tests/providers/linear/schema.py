"""As much of Linear's GraphQL as the adapter asks, run by graphql-core over a stand-in's state.

The published schema, where it is there, judges requests and answers besides.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from graphql import DocumentNode, GraphQLError, build_schema, execute_sync, parse, validate

from tests.http_server import Say

MOST = 250

SCHEMA = build_schema(
    """
scalar DateTime
scalar DateTimeOrDuration
enum PaginationOrderBy { createdAt updatedAt }
enum TeamVisibility { private public restricted }
input IDComparator { eq: ID, in: [ID!] }
input IssueIDComparator { eq: ID, in: [ID!] }
input StringComparator { contains: String, eq: String }
input BooleanComparator { eq: Boolean }
input DateComparator { gte: DateTimeOrDuration }
input TeamFilter { id: IDComparator }
input UserFilter { id: IDComparator, isMe: BooleanComparator }
input IssueFilter { id: IssueIDComparator, team: TeamFilter, updatedAt: DateComparator }
input CommentFilter {
  id: IDComparator, body: StringComparator, user: UserFilter, issue: IssueFilter
  or: [CommentFilter!]
}
type Query {
  viewer: User!
  team(id: String!): Team!
  teams(
    first: Int, after: String, includeArchived: Boolean, filter: TeamFilter
  ): TeamConnection!
  issues(
    first: Int, after: String, includeArchived: Boolean, filter: IssueFilter
    orderBy: PaginationOrderBy
  ): IssueConnection!
  users(
    first: Int, after: String, includeDisabled: Boolean, filter: UserFilter
  ): UserConnection!
  comments(first: Int, after: String, filter: CommentFilter): CommentConnection!
  webhooks(first: Int, after: String): WebhookConnection!
}
type Mutation {
  commentCreate(input: CommentCreateInput!): CommentPayload!
  commentUpdate(id: String!, input: CommentUpdateInput!): CommentPayload!
  commentDelete(id: String!): DeletePayload!
  issueUpdate(id: String!, input: IssueUpdateInput!): IssuePayload!
  webhookCreate(input: WebhookCreateInput!): WebhookPayload!
  webhookUpdate(id: String!, input: WebhookUpdateInput!): WebhookPayload!
  webhookDelete(id: String!): DeletePayload!
}
type PageInfo { hasNextPage: Boolean!, endCursor: String }
type Organization { id: ID!, name: String!, urlKey: String! }
type User {
  id: ID!, name: String!, displayName: String!, email: String!
  active: Boolean!, guest: Boolean!, app: Boolean!, organization: Organization!
}
type UserConnection { nodes: [User!]!, pageInfo: PageInfo! }
type Team {
  id: ID!, key: String!, name: String!, displayName: String!, visibility: TeamVisibility!
  archivedAt: DateTime, retiredAt: DateTime, organization: Organization!
  members(first: Int, after: String): UserConnection!
  states(first: Int): WorkflowStateConnection!
}
type TeamConnection { nodes: [Team!]!, pageInfo: PageInfo! }
type WorkflowState { id: ID!, name: String!, type: String!, position: Float! }
type WorkflowStateConnection { nodes: [WorkflowState!]!, pageInfo: PageInfo! }
type Project { name: String! }
type IssueLabel { name: String! }
type IssueLabelConnection { nodes: [IssueLabel!]! }
type Issue {
  id: ID!, identifier: String!, title: String!, url: String!, trashed: Boolean
  archivedAt: DateTime, updatedAt: DateTime!, state: WorkflowState!, team: Team!
  project: Project, assignee: User, parent: Issue
  labels(first: Int): IssueLabelConnection!
}
type IssueConnection { nodes: [Issue!]!, pageInfo: PageInfo! }
type Comment { id: ID!, body: String!, user: User, issue: Issue }
type CommentConnection { nodes: [Comment!]!, pageInfo: PageInfo! }
type Webhook {
  id: ID!, url: String, enabled: Boolean!, secret: String, resourceTypes: [String!]!, team: Team
}
type WebhookConnection { nodes: [Webhook!]!, pageInfo: PageInfo! }
input CommentCreateInput {
  id: String, issueId: String, body: String, doNotSubscribeToIssue: Boolean
}
input CommentUpdateInput { body: String }
input IssueUpdateInput { stateId: String }
input WebhookCreateInput {
  url: String!, teamId: String, resourceTypes: [String!]!, secret: String, label: String
}
input WebhookUpdateInput { enabled: Boolean, secret: String, resourceTypes: [String!] }
type CommentPayload { success: Boolean!, comment: Comment! }
type DeletePayload { success: Boolean!, entityId: String! }
type IssuePayload { success: Boolean!, issue: Issue }
type WebhookPayload { success: Boolean!, webhook: Webhook! }
"""
)


class Wrong(GraphQLError):
    """An error as Linear makes them."""

    def __init__(self, kind: str, message: str, words: str = "", code: str = "INPUT_ERROR") -> None:
        more = {"type": kind, "code": code, "userError": bool(words)}
        if words:
            more["userPresentableMessage"] = words
        super().__init__(message, extensions=more)


def missing(what: str) -> Wrong:
    """What is said of a thing that is not there."""
    return Wrong("invalid input", f"Entity not found: {what}", f"Could not find this {what}.")


def answered(root: Mapping[str, Any], asked: Mapping[str, Any]) -> Say:
    """The answer to a query: 200 even where something in it went wrong, 400 to no query."""
    query = _read(asked["query"])
    if query is None:
        return Say(400, {"errors": [_said(Wrong("graphql error", "Cannot query that."))]})
    found = execute_sync(
        SCHEMA, query, root_value=dict(root), variable_values=asked.get("variables")
    )
    for error in found.errors or ():
        cause = error.original_error
        if cause is not None and not isinstance(cause, GraphQLError):
            raise cause  # a slip of the stand-in
    if found.errors:
        return Say(body={"data": None, "errors": [_said(one) for one in found.errors]})
    return Say(body={"data": found.data})


@cache
def _read(query: str) -> DocumentNode | None:
    """The adapter has few, and asks each again and again; None for what is none."""
    document = parse(query)
    return None if validate(SCHEMA, document) else document


def refused(status: int, error: GraphQLError) -> tuple[int, dict[str, Any]]:
    """A whole request that is refused, as status and body."""
    return status, {"errors": [_said(error)]}


def connection(
    rows: Sequence[Any],
    node: Callable[[Any], Mapping[str, Any]],
    *,
    first: int = 50,
    after: str | None = None,
    most: int = MOST,
) -> dict[str, Any]:
    """A page; its cursors are the ids of what is on it."""
    if not 0 < first <= MOST:
        raise Wrong("invalid input", f"first must not be greater than {MOST}")
    nodes = [node(row) for row in rows]
    ids = [one["id"] for one in nodes]
    if after is not None and after not in ids:
        raise missing("cursor")
    start = ids.index(after) + 1 if after is not None else 0
    page = nodes[start : start + min(first, most)]
    more = start + len(page) < len(nodes)
    return {
        "nodes": page,
        "pageInfo": {"hasNextPage": more, "endCursor": page[-1]["id"] if page else None},
    }


def _said(error: GraphQLError) -> dict[str, Any]:
    return {"message": error.message, "extensions": error.extensions or {}}
