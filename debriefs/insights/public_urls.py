"""The address that a digest carries to be turned off: outside any programme, without signing in."""

from django.urls import path

from debriefs.insights import public_views

urlpatterns = [
    path("digest/<uuid:figure_view_id>/stop/<str:token>/", public_views.digest_stop, name="digest_stop"),
]
