"""Hourlink: track time from Slack on the projects your team already has.

The packages are layers, or work beside them; ``docs/architecture.md`` draws how a request passes
through. The files are about processes:

- starting: ``__main__``, ``commands``, ``console``, ``processes``, ``server``; ``demo*``
- constructing: ``app``, ``wiring``, then ``features/``
- settings: ``settings*``; time: ``followed_clock``, ``database_clock``; logs and numbers: ``logs``,
  ``metrics``, ``counting``
- HTTP in: ``web``, ``operator_web``, ``hook_door``; pages for browsers: ``pages``, ``install*``,
  ``sign_in_pages``, ``signing_in``
- Slack out: ``slack`` says what, ``slack_calls`` how, ``*workspace*`` with which token,
  ``rejections`` when one is refused; ``manifest`` is what the app asks Slack for
- written from code: ``reference``, with the words of ``provider_words``
"""
