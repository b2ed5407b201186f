"""Where entries stand in their tools, in words, and the questions about conflicts."""
