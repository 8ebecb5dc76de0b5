"""What every page shares: the stylesheet of a colour."""

from django.urls import re_path

from debriefs.core import views

app_name = "core"
urlpatterns = [
    re_path(r"^colour-(?P<digits>[0-9a-fA-F]{6})\.css$", views.colour_stylesheet, name="colour_stylesheet"),
]
