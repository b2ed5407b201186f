"""People and their provider accounts: asked, confirmed, given, ended."""
