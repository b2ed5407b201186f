"""Which certificates of the other side are believed."""

import os
import ssl
from pathlib import Path
from typing import TypeVar

import aiohttp
import certifi

Error = TypeVar("Error", bound=BaseException)


def trusted(ca_file: Path | None) -> ssl.SSLContext:
    """The usual authorities, or those the environment names in their stead; and those of a file.

    Raises:
        ValueError: the file cannot be read as certificates.
    """
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    usual = certifi.where() if not file and not folder else None
    context = ssl.create_default_context(cafile=file or usual, capath=folder or None)
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except OSError as error:  # ssl.SSLError is one
            raise ValueError(f"no certificates can be read from {ca_file}: {error}") from error
    return context


def certificate_problem(error: BaseException) -> str | None:
    """What is wrong with the other side's certificate, when that is what went wrong."""
    if named := caused_by(error, aiohttp.ClientConnectorCertificateError):
        error = named.certificate_error
    found = caused_by(error, ssl.SSLCertVerificationError)
    return None if found is None else found.verify_message


def caused_by(error: BaseException, kind: type[Error]) -> Error | None:
    """The error of this kind that brought another one about, which may be itself."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, kind):
            return cause
        cause = cause.__cause__ or cause.__context__
    return None
