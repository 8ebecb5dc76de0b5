"""Every address of the product. Programme pages stand below /p/<slug>/; the prospect's pages below /d/."""

from django.conf import settings
from django.urls import include, path

handler403 = "debriefs.home.error_pages.permission_denied"
handler500 = "debriefs.home.error_pages.server_error"
programme_pages = [
    path("", include("debriefs.home.urls")),
    path("programme/", include("accounts.urls")),
    path("deals/", include("debriefs.deals.urls")),
    path("guides/", include("debriefs.guides.urls")),
    path("debriefs/", include("debriefs.calls.urls")),
    path("interviews/", include("debriefs.interviews.urls")),
    path("findings/", include("debriefs.findings.urls")),
    path("lessons/", include("debriefs.lessons.urls")),
    path("insights/", include("debriefs.insights.urls")),
]

urlpatterns = [
    path("", include("debriefs.home.site_urls")),
    path("look/", include("debriefs.core.urls")),
    path("accounts/", include("accounts.site_urls")),
    path("accounts/", include("accounts.sign_in_urls")),
    path("d/", include("debriefs.calls.public_urls")),
    path("d/", include("debriefs.interviews.public_urls")),
    path("d/", include("debriefs.findings.public_urls")),
    path("d/", include("debriefs.home.public_urls")),
    path("", include("debriefs.insights.public_urls")),
    path("p/<slug:programme_slug>/", include(programme_pages)),
]
if settings.LOCAL:
    # By name, not by import: nothing but manage.py may know the local room.
    urlpatterns.append(path("mailbox/", include("debriefs.local.mailbox_urls")))
