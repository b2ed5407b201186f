"""What Linear is asked, in its own words.

One query may be worth 10,000 points: a tenth for each value and one for each object, times as many
as a list is asked for. Two hundred and fifty issues with ten labels each are worth about 5,000; a
hundred teams with fifty members each about 6,000. One thing is asked for as a list of one, because
of a thing that is not there Linear says the same as of a wrong question.
"""

ME = """
query Me {
  viewer { id name displayName email active guest organization { id name urlKey } }
}
"""

_TEAM = """
  id key name displayName visibility archivedAt retiredAt
  organization { id name urlKey }
  members(first: 50) { nodes { id } pageInfo { hasNextPage } }
"""

TEAMS = f"""
query Teams($after: String) {{
  teams(first: 100, after: $after, includeArchived: true) {{
    nodes {{ {_TEAM} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}
"""

TEAM = f"""
query Team($id: ID!) {{
  teams(first: 1, includeArchived: true, filter: {{ id: {{ eq: $id }} }}) {{
    nodes {{ {_TEAM} }}
  }}
}}
"""

MEMBERS = """
query Members($team: String!, $after: String) {
  team(id: $team) {
    members(first: 250, after: $after) {
      nodes { id }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""

_ISSUE = """
  id identifier title url trashed archivedAt updatedAt
  state { name type }
  team { id }
  project { name }
  assignee { id }
  labels(first: 10) { nodes { name } }
"""

ISSUES = f"""
query Issues($team: ID!, $filter: IssueFilter!, $after: String, $first: Int!) {{
  issues(
    first: $first, after: $after, orderBy: createdAt, includeArchived: true, filter: $filter
  ) {{
    nodes {{ {_ISSUE} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
  teams(first: 1, includeArchived: true, filter: {{ id: {{ eq: $team }} }}) {{ nodes {{ id }} }}
}}
"""
"""By the moment they were made, which no edit changes."""

ISSUE = f"""
query Issue($id: ID!) {{
  issues(first: 1, includeArchived: true, filter: {{ id: {{ eq: $id }} }}) {{
    nodes {{ {_ISSUE} }}
  }}
}}
"""

CHANGED = """
query Changed($teams: [ID!]!, $since: DateTimeOrDuration!) {
  issues(
    first: 250
    includeArchived: true
    filter: { team: { id: { in: $teams } }, updatedAt: { gte: $since } }
  ) {
    nodes { team { id } }
    pageInfo { hasNextPage }
  }
}
"""

_USER = "id name displayName email active guest app"

USERS = f"""
query Users($after: String) {{
  users(first: 250, after: $after, includeDisabled: true) {{
    nodes {{ {_USER} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}
"""

USER = f"""
query User($id: ID!) {{
  users(first: 1, includeDisabled: true, filter: {{ id: {{ eq: $id }} }}) {{
    nodes {{ {_USER} }}
  }}
}}
"""

COMMENTS = """
query Comments($filter: CommentFilter!) {
  comments(first: 50, filter: $filter) { nodes { id body } }
}
"""

WRITE_COMMENT = """
mutation WriteComment($input: CommentCreateInput!) {
  commentCreate(input: $input) { success comment { id body } }
}
"""

CHANGE_COMMENT = """
mutation ChangeComment($id: String!, $input: CommentUpdateInput!) {
  commentUpdate(id: $id, input: $input) { success comment { id body } }
}
"""

REMOVE_COMMENT = """
mutation RemoveComment($id: String!) {
  commentDelete(id: $id) { success }
}
"""

STATES = """
query States($id: ID!) {
  issues(first: 1, includeArchived: true, filter: { id: { eq: $id } }) {
    nodes { team { states(first: 200) { nodes { id type position } } } }
  }
}
"""

SET_STATE = """
mutation SetState($id: String!, $input: IssueUpdateInput!) {
  issueUpdate(id: $id, input: $input) { success }
}
"""

WEBHOOKS = """
query Webhooks($after: String) {
  webhooks(first: 100, after: $after) {
    nodes { id url enabled secret }
    pageInfo { hasNextPage endCursor }
  }
}
"""

MAKE_WEBHOOK = """
mutation MakeWebhook($input: WebhookCreateInput!) {
  webhookCreate(input: $input) { success }
}
"""

CHANGE_WEBHOOK = """
mutation ChangeWebhook($id: String!, $input: WebhookUpdateInput!) {
  webhookUpdate(id: $id, input: $input) { success }
}
"""

REMOVE_WEBHOOK = """
mutation RemoveWebhook($id: String!) {
  webhookDelete(id: $id) { success }
}
"""
