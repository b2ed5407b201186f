"""A local stand-in for Slack: its public protocol toward an app, and people who use it."""
