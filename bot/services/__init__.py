"""Use cases: one a method, each in one transaction of its own; a package for each feature.

They get who asks and the moment as arguments, return values and raise errors with data. They know
neither Slack nor tools. The files serve all features.
"""
