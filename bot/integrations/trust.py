"""What is believed of the other side."""

import ssl
from pathlib import Path


def trust_also(context: ssl.SSLContext, ca_file: Path) -> None:
    """Takes in the certificate authorities of a PEM file.

    Raises:
        ValueError: it cannot be read as certificates.
    """
    try:
        context.load_verify_locations(ca_file)
    except OSError as error:  # ssl.SSLError is one
        raise ValueError(f"no certificates can be read from {ca_file}: {error}") from error


def certificate_problem(error: BaseException) -> str | None:
    """What is wrong with the other side's certificate, when that is what went wrong."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_message
        cause = cause.__cause__ or cause.__context__
    return None
