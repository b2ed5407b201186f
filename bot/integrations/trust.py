"""What is believed of the other side, and what is kept of it."""

import ssl
from http.cookiejar import CookieJar, DefaultCookiePolicy


def no_cookies() -> CookieJar:
    """Keeps nothing: two integrations on one host must not share a login session."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))


def certificate_problem(error: BaseException) -> str | None:
    """What is wrong with the other side's certificate, when that is what went wrong."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_message
        cause = cause.__cause__ or cause.__context__
    return None
