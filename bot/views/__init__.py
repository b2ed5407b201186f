"""Pure functions from values to Slack messages and forms; a package for each feature.

The sentences for errors are in ``failures``. The files are what all screens are made of.
"""
