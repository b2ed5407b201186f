"""A webhook's request as Redmine 7.0 sends one."""

import hmac

from bot.integrations.hooks import HookRequest


def signed_by_redmine(address: str, body: bytes, secret: str) -> HookRequest:
    """The same body with Redmine's signature of it."""
    digest = hmac.new(secret.encode(), body, "sha256").hexdigest()
    headers = {"x-redmine-signature-256": f"sha256={digest}", "user-agent": "Redmine"}
    return HookRequest(address, headers, body)
