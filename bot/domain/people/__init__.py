"""Values and rules about people: members, their accounts in tools, whose account is probably whose.

Who is on a project is in ``projects``.
"""
