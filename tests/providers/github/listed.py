"""Everything that an adapter lists, read to its end."""

from bot.integrations.api import ProviderAccount, ProviderProject, ProviderTask
from bot.providers.github.adapter import GitHub


async def every_task(adapter: GitHub, project_id: str) -> list[ProviderTask]:
    """The tasks of a project, page by page."""
    return [task async for page in adapter.tasks(project_id) for task in page.items]


async def every_project(adapter: GitHub) -> dict[str, ProviderProject]:
    """What is listed, by id."""
    return {one.external_id: one async for page in adapter.projects() for one in page.items}


async def every_account(adapter: GitHub) -> dict[str, ProviderAccount]:
    """Who is listed, by id."""
    return {one.external_id: one async for page in adapter.accounts() for one in page.items}
