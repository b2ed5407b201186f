"""What is believed of the other side."""

import os
import ssl
from pathlib import Path

import certifi


def trusted(ca_file: Path | None) -> ssl.SSLContext:
    """The certificate authorities that are believed: the usual ones, and those of a PEM file.

    ``SSL_CERT_FILE`` or ``SSL_CERT_DIR`` stand in for the usual ones.

    Raises:
        ValueError: the file cannot be read as certificates.
    """
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    usual = certifi.where() if not (file or folder) else file
    context = ssl.create_default_context(cafile=usual, capath=folder)
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except OSError as error:  # ssl.SSLError is one
            message = f"no certificates can be read from {ca_file}: {error}"
            raise ValueError(message) from error
    return context


def certificate_problem(error: BaseException) -> str | None:
    """What is wrong with the other side's certificate, when that is what went wrong."""
    cause: BaseException | None = error
    while cause is not None:
        # aiohttp's own error is of that kind too, but does not say what was wrong
        said = getattr(cause, "verify_message", None)
        if isinstance(cause, ssl.SSLCertVerificationError) and said is not None:
            return str(said)
        cause = cause.__cause__ or cause.__context__
    return None
