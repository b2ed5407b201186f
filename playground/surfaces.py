"""Which blocks Slack shows where."""

EVERYWHERE = frozenset(
    {
        "actions",
        "auth_provider",
        "card",
        "container",
        "context",
        "data_table",
        "data_visualization",
        "divider",
        "header",
        "image",
        "input",
        "rich_text",
        "section",
        "video",
    }
)

BLOCKS_OF: dict[str, frozenset[str]] = {
    "message": EVERYWHERE
    | {"carousel", "context_actions", "file", "markdown", "plan", "table", "task_card"},
    "home": EVERYWHERE | {"carousel", "table"},
    "modal": EVERYWHERE | {"alert"},
}
