"""Calling the page's JSON API."""

from urllib.parse import urlencode

import httpx

from playground.shapes import Json


class Api:
    """The page's API of one playground; `as_` stands for its field `as`."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        # Proxies of the environment must not see traffic meant for this machine.
        self._client = httpx.Client(base_url=self.url, trust_env=False, timeout=90)

    def close(self) -> None:
        """Let go of open connections."""
        self._client.close()

    def get(self, what: str, /, **query: object) -> Json:
        """Ask for something; a refusal fails the test."""
        words = {key.rstrip("_"): str(value) for key, value in query.items()}
        answer = self._client.get(f"/ui/{what}?{urlencode(words)}")
        body: Json = answer.json()
        if answer.is_error:
            raise AssertionError(f"the playground refused {what}: {body.get('error')}")
        return body

    def post(self, what: str, /, **body: object) -> Json:
        """Do something; give the answer, also a refusal."""
        row = {key.rstrip("_"): value for key, value in body.items()}
        answer: Json = self._client.post(f"/ui/{what}", json=row).json()
        return answer
