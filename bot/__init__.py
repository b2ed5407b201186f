"""Hourlink: track time from Slack on the projects your team already has."""
