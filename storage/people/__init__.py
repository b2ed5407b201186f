"""Provider accounts and account links, and lists and searches of people.

Members, who are known without any account, are in ``storage/members.py``.
"""
