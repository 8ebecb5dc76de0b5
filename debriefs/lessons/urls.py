"""Addresses of this room, below /p/<slug>/lessons/."""

from django.urls import path

from debriefs.lessons import views

app_name = "lessons"
urlpatterns = [
    path("", views.lesson_list, name="lesson_list"),
    path("add/", views.lesson_add, name="lesson_add"),
    path("<uuid:lesson_id>/", views.lesson_page, name="lesson_page"),
    path("<uuid:lesson_id>/state/", views.lesson_state, name="lesson_state"),
]
