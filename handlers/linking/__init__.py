"""``/link`` itself, and its verbs about integrations and project links.

``link`` hands the verbs of other features to their own packages.
"""
