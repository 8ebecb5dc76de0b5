"""The file of what is held about a buyer, below the pages of a personal link: the link's cookie opens it too."""

from django.urls import path

from debriefs.home import people_views

app_name = "held"
urlpatterns = [path("<uuid:link_id>/data/file/", people_views.held_file, name="file")]
