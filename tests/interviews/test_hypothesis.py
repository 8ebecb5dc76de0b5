"""What the interviewer wants to test: kept over another window's words only where they were seen."""

import pytest

from accounts.requests import programme_url
from debriefs.calls.models import Debrief

pytestmark = pytest.mark.django_db


def stored(debrief):
    return Debrief.objects.get(pk=debrief.pk).hypothesis


def test_an_older_window_overwrites_nothing_unseen(world, debrief, sign_in):
    client = sign_in(world.interviewer)
    address = programme_url(debrief.programme, "interviews:briefing", debrief_id=debrief.pk)
    assert client.post(address, {"hypothesis": "First.\r\nSecond line.", "over": ""}).status_code == 302
    # What the page shows is what its form was shown over, whatever a browser makes of ends of lines.
    assert client.get(address).context["form"]["over"].value() == stored(debrief)
    shown = {"hypothesis": "First.\r\nSecond line. More.", "over": "First.\nSecond line."}
    assert client.post(address, shown).status_code == 302
    late = client.post(address, {"hypothesis": "From the older window.", "over": "First.\nSecond line."})
    assert late.status_code == 422
    form = late.context["form"]
    assert form["hypothesis"].value() == "First.\nSecond line. More.\n\nFrom the older window."
    assert "Other words were saved here" in late.content.decode()
    assert stored(debrief) == "First.\r\nSecond line. More."
    both = {"hypothesis": form["hypothesis"].value(), "over": form["over"].value()}
    assert client.post(address, both).status_code == 302
    # The same once more, as a double click sends it, is no conflict with oneself.
    assert client.post(address, both).status_code == 302
    assert "From the older window." in stored(debrief)
