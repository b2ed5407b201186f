"""The plain pages that people see in a browser."""

import html

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Of every page: it is text and a link, is shown in no other page, and its address is told on to
nobody, for it may hold what lets somebody in."""

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 38rem; margin: 3rem auto;
  padding: 0 1rem }}
h1 {{ font-size: 1.5rem }}
h2 {{ font-size: 1.15rem; margin-top: 2rem }}
a.button {{ display: inline-block; padding: .6rem 1.1rem; border-radius: .4rem;
  background: #2a5a9a; color: #fff; text-decoration: none; font-weight: 600 }}
a.button:focus-visible {{ outline: 3px solid #7aa7e0; outline-offset: 2px }}
dt {{ font-weight: 600; margin-top: .6rem }}
dd {{ margin: 0 }}
</style>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


def page(title: str, body: str) -> str:
    """A whole page: a title that is escaped, and a body that is HTML already."""
    return _PAGE.format(title=html.escape(title), body=body)


def link(address: str, label: str) -> str:
    """The one thing to do next."""
    return f'<p><a class="button" href="{html.escape(address)}">{html.escape(label)}</a></p>'
