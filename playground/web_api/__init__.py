"""Slack's Web API: one module a family, one function a method."""
