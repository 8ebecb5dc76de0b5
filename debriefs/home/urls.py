"""Today and the assembled deal page, below /p/<slug>/."""

from django.urls import path

from debriefs.home import views

app_name = "home"
urlpatterns = [
    path("", views.today, name="today"),
    path("deals/<uuid:deal_id>/", views.deal_page, name="deal_page"),
]
