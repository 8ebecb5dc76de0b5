"""The written debrief, below the pages of a personal link: the link's cookie opens these too."""

from django.urls import path

from debriefs.interviews import public_views as views

app_name = "written"
urlpatterns = [
    path("<uuid:link_id>/written/", views.page, name="page"),
    path("<uuid:link_id>/written/begin/", views.begin, name="begin"),
    path("<uuid:link_id>/written/share/", views.share, name="share"),
    path("<uuid:link_id>/written/answers/<uuid:answer_id>/save/", views.answer_save, name="answer_save"),
    path("<uuid:link_id>/written/review/", views.review, name="review"),
    path("<uuid:link_id>/written/send/", views.send, name="send"),
    path("<uuid:link_id>/written/speak/", views.speak, name="speak"),
    path("<uuid:link_id>/written/keys/", views.keys, name="keys"),
]
