"""Addresses of this room, below /p/<slug>/findings/."""

from django.urls import path

from debriefs.findings.views import codebook, quotes, review, search, second

app_name = "findings"
urlpatterns = [
    path("", review.release_list, name="release_list"),
    path("review/", review.review_list, name="review_list"),
    path("review/<uuid:debrief_id>/", review.coding, name="coding"),
    path("review/<uuid:debrief_id>/open/", review.review_open, name="review_open"),
    path("review/<uuid:debrief_id>/add/", review.finding_add, name="finding_add"),
    path("review/<uuid:debrief_id>/done/", review.debrief_review, name="debrief_review"),
    path("review/<uuid:debrief_id>/release/", review.debrief_release, name="debrief_release"),
    path("second/", second.second_list, name="second_list"),
    path("review/<uuid:debrief_id>/second/", second.second_page, name="second_coding"),
    path("review/<uuid:debrief_id>/second/begin/", second.second_begin, name="second_begin"),
    path("review/<uuid:debrief_id>/second/add/", second.second_add, name="second_add"),
    path("review/<uuid:debrief_id>/second/hand-in/", second.second_hand_in, name="second_hand_in"),
    path("review/<uuid:debrief_id>/differences/", second.differences, name="differences"),
    path("review/<uuid:debrief_id>/consensus/", second.consensus, name="consensus"),
    path("second/<uuid:unit_id>/remove/", second.second_remove, name="second_remove"),
    path("second/<uuid:unit_id>/decided/", second.second_decided, name="second_decided"),
    path("<uuid:finding_id>/change/", review.finding_edit, name="finding_edit"),
    path("<uuid:finding_id>/remove/", review.finding_remove, name="finding_remove"),
    path("<uuid:finding_id>/decided/", review.finding_primary, name="finding_primary"),
    path("<uuid:finding_id>/words/", review.finding_mask, name="finding_mask"),
    path("story/<uuid:debrief_id>/", review.story_link, name="story_link"),
    path("released/<uuid:release_id>/", review.release_page, name="release_page"),
    path("released/<uuid:release_id>/recall/", review.release_recall, name="release_recall"),
    path("search/", search.remark_search, name="remark_search"),
    path("quotes/", quotes.quote_list, name="quote_list"),
    path("quotes/ledger/", quotes.quote_ledger, name="quote_ledger"),
    path("quotes/propose/<uuid:remark_id>/", quotes.quote_propose, name="quote_propose"),
    path("quotes/<uuid:quote_id>/", quotes.quote_page, name="quote_page"),
    path("quotes/<uuid:quote_id>/ask/", quotes.quote_ask, name="quote_ask"),
    path("quotes/<uuid:quote_id>/use/", quotes.quote_use, name="quote_use"),
    path("quotes/<uuid:quote_id>/withdraw/", quotes.quote_withdraw, name="quote_withdraw"),
    path("codebook/", codebook.codebook_page, name="codebook_page"),
    path("codebook/history/", codebook.codebook_history, name="codebook_history"),
    path("codebook/reasons/", codebook.reason_list, name="reason_list"),
    path("codebook/add/", codebook.driver_add, name="driver_add"),
    path("codebook/<uuid:driver_id>/", codebook.driver_edit, name="driver_edit"),
    path("codebook/<uuid:driver_id>/merge/", codebook.driver_merge, name="driver_merge"),
    path("codebook/<uuid:driver_id>/split/", codebook.driver_split, name="driver_split"),
    path("codebook/<uuid:driver_id>/retire/", codebook.driver_retire, name="driver_retire"),
]
