"""What is asked of GitHub in GraphQL.

Values of several kinds are asked for their ``__typename``. Lists that are cut have the largest page
GitHub gives, 100; an issue has at most 10 assignees and 100 labels.
"""

from collections.abc import Mapping

_ISSUE_PARTS = """
fragment IssueParts on Issue {
  number title url state stateReason updatedAt
  repository { databaseId }
  assignees(first: 10) { nodes { databaseId } }
  labels(first: 100) { nodes { name } }
  milestone { title }
}
"""

_ITEM_PARTS = (
    """
fragment ItemParts on ProjectV2Item {
  id fullDatabaseId isArchived updatedAt
  project { id url }
  fieldValueByName(name: "Status") {
    __typename
    ... on ProjectV2ItemFieldSingleSelectValue { name }
  }
  content {
    __typename
    ... on Issue { ...IssueParts }
    ... on DraftIssue { title updatedAt assignees(first: 10) { nodes { databaseId } } }
  }
}
"""
    + _ISSUE_PARTS
)

_BOARD_PARTS = """
fragment BoardParts on ProjectV2 {
  id title url closed public template
  owner {
    __typename
    ... on Organization { databaseId login }
    ... on User { databaseId login }
  }
}
"""

ISSUES = (
    """
query Issues(
  $owner: String!, $name: String!, $first: Int!, $after: String, $filter: IssueFilters
) {
  repository(owner: $owner, name: $name) {
    databaseId hasIssuesEnabled
    issues(
      first: $first, after: $after, filterBy: $filter
      orderBy: {field: CREATED_AT, direction: ASC}
    ) {
      pageInfo { hasNextPage endCursor }
      nodes { ...IssueParts }
    }
  }
}
"""
    + _ISSUE_PARTS
)

ISSUE = (
    """
query Issue($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    databaseId
    issue(number: $number) { ...IssueParts }
  }
}
"""
    + _ISSUE_PARTS
)

COMMENTS = """
query Comments($owner: String!, $name: String!, $number: Int!, $before: String) {
  repository(owner: $owner, name: $name) {
    issue(number: $number) {
      comments(last: 100, before: $before) {
        pageInfo { hasPreviousPage startCursor }
        nodes { fullDatabaseId viewerDidAuthor body }
      }
    }
  }
}
"""

ITEMS = (
    """
query Items($board: ID!, $first: Int!, $after: String) {
  node(id: $board) {
    __typename
    ... on ProjectV2 {
      items(first: $first, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { ...ItemParts }
      }
    }
  }
}
"""
    + _ITEM_PARTS
)

ITEM = (
    """
query Item($id: ID!) {
  node(id: $id) {
    __typename
    ... on ProjectV2Item { ...ItemParts }
  }
}
"""
    + _ITEM_PARTS
)

CHANGED = """
query Changed($open: [ID!]!, $closed: [ID!]!, $filter: IssueFilters) {
  open: nodes(ids: $open) {
    __typename
    ... on Repository { databaseId issues(first: 1, filterBy: $filter) { totalCount } }
  }
  closed: nodes(ids: $closed) {
    __typename
    ... on Repository {
      databaseId
      issues(first: 1, filterBy: $filter) { totalCount }
      collaborators(first: 100) {
        pageInfo { hasNextPage }
        nodes { databaseId }
      }
    }
  }
}
"""
"""Counts what changed since a moment; of the closed ones also who may see them."""

_MOMENTS = """
  __typename
  ... on ProjectV2 {
    items(first: 100, after: AFTER) {
      pageInfo { hasNextPage endCursor }
      nodes {
        updatedAt
        content {
          __typename
          ... on Issue { updatedAt }
          ... on DraftIssue { updatedAt }
        }
      }
    }
  }
"""

BOARD = (
    """
query Board($id: ID!) {
  node(id: $id) {
    __typename
    ... on ProjectV2 { ...BoardParts }
  }
}
"""
    + _BOARD_PARTS
)

ORGANIZATIONS = """
query Organizations($after: String) {
  viewer {
    organizations(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { id login }
    }
  }
}
"""

BOARDS = (
    """
query Boards($owner: ID!, $after: String) {
  node(id: $owner) {
    __typename
    ... on ProjectV2Owner {
      projectsV2(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { ...BoardParts }
      }
    }
  }
}
"""
    + _BOARD_PARTS
)

OWN_REPOSITORIES = """
query OwnRepositories($after: String) {
  viewer {
    repositories(first: 50, after: $after, ownerAffiliations: [OWNER]) {
      pageInfo { hasNextPage endCursor }
      nodes { collaborators(first: 100) { nodes { id } } }
    }
  }
}
"""


def moments(boards: Mapping[str, str | None]) -> tuple[str, dict[str, str | None]]:
    """When the items of several boards changed: a page of each, behind its cursor."""
    declared, asked, variables = [], [], dict[str, str | None]()
    for number, (board, after) in enumerate(boards.items()):
        declared.append(f"$id{number}: ID!, $after{number}: String")
        fields = _MOMENTS.replace("AFTER", f"$after{number}")
        asked.append(f"b{number}: node(id: $id{number}) {{ {fields} }}")
        variables |= {f"id{number}": board, f"after{number}": after}
    query = f"query Moments({', '.join(declared)}) {{\n" + "\n".join(asked) + "\n}"
    return query, variables


def members(addresses: str) -> str:
    """The people of an organization, with these fields for their e-mail addresses."""
    return """
query Members($login: String!, $after: String) {
  organization(login: $login) {
    membersWithRole(first: 100, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { ...PersonParts }
    }
  }
}
""" + _person_parts(addresses)


def people(addresses: str) -> str:
    """People by their node ids, with these fields for their e-mail addresses."""
    return """
query People($ids: [ID!]!) {
  nodes(ids: $ids) {
    __typename
    ... on User { ...PersonParts }
  }
}
""" + _person_parts(addresses)


def _person_parts(addresses: str) -> str:
    return f"fragment PersonParts on User {{ databaseId login name {addresses} }}"
