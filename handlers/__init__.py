"""Slack's requests, one feature a file: words in, a service call, a reply out."""
