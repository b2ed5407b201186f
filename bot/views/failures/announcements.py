"""What to say about announcements."""

from bot.domain.linking.announcements import AnnouncementDelivered
from bot.views.saying import says


@says(AnnouncementDelivered)
def _delivered(error: AnnouncementDelivered) -> str:
    if error.is_posted:
        return "It is in its channel already."
    return "It is on its way to its channel already."
