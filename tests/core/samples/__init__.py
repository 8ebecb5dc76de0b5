"""Pages that show every component, to look at and to test; no route leads here.

`python -m tests.core.samples DIRECTORY` writes them as files beside the static files, ready to be served and looked at.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.contrib.messages import SUCCESS
from django.contrib.messages.storage.base import Message
from django.template import Context, Engine
from django.template.loader import get_template
from django.test import RequestFactory

from debriefs.core.layouts import page_form
from debriefs.deals.window import window_of

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
NAMES = ("today", "parts", "booking", "call")


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(help_text="As it stands in the CRM.")
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    outcome = forms.ChoiceField(choices=[("won", "Won"), ("lost", "Lost")], widget=forms.RadioSelect)
    team = forms.ChoiceField(choices=[("", "Choose"), ("n", "North")])
    announced = forms.BooleanField(label="The buyer was told early", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = page_form(self, act="Save deal", back="#deals")

    def clean(self):
        if self.data.get("team") == "n":
            raise forms.ValidationError("This deal exists already.")
        return super().clean()


def deal(name, outcome, decided_on, why, act):
    """A deal as Today shows it."""
    facts = window_of(
        decided_on=decided_on, today=NOW.date(), cooling_off_days=2, best_within_days=21, overdue_after_days=30
    )
    return SimpleNamespace(name=name, outcome=outcome, decided_on=decided_on, why=why, act=act, window=facts)


def context(**more):
    """What the sample pages show, with a frame like a sales manager's."""
    programme = SimpleNamespace(name="Orbeline", slug="orbeline", colour="#4b3b8f")
    request = RequestFactory().get("/p/orbeline/")
    request.programme = programme
    request.user = SimpleNamespace(is_authenticated=True, name="Ilse Brandvoll")
    request.person = SimpleNamespace(name="Ilse Brandvoll")
    rooms = [
        ("Today", "sun", 6),
        ("Deals", "briefcase", 48),
        ("Debriefs", "chat-square-text", None),
        ("Guides", "card-checklist", None),
        ("Findings", "tags", None),
        ("Lessons", "lightbulb", None),
        ("Insights", "bar-chart", None),
    ]
    frame = SimpleNamespace(
        rooms=[
            SimpleNamespace(label=label, icon=icon, url="#room", current=label == "Today", count=count)
            for label, icon, count in rooms
        ],
        programmes=[
            {"name": "Orbeline", "url": "#1", "current": True},
            {"name": "Orbeline Services", "url": "#2", "current": False},
        ],
        settings_url="#settings",
        role_label="Sales manager",
    )
    deals = [
        deal(
            "Aldermoor Clinics", "lost", date(2026, 11, 3), "The contact still needs your approval.", "Approve contact"
        ),
        deal("Castavera Foods", "won", date(2026, 11, 6), "The roll-out starts on Mon 30 Nov.", "Assign interviewer"),
        deal("Pellworth Freight", "withdrawn", date(2026, 11, 9), "He needs your approval.", "Review suggestion"),
        deal("Quillon Parcel", "rejected", date(2026, 10, 20), "No answer yet.", ""),
        deal("Rivabella Hotels", "lost", NOW.date() - timedelta(days=1), "Cooling-off.", ""),
    ]
    states = [
        "none",
        "planned",
        "invited",
        "booked",
        "held",
        "written_up",
        "reviewed",
        "released",
        "declined",
        "closed",
    ]
    return {
        "request": request,
        "programme": programme,
        "frame": frame,
        "now": NOW,
        "deals": deals,
        "states": states,
        "messages": [Message(SUCCESS, "The invitation to Corin Hathersby goes out tomorrow.")],
        "csrf_token": "sample",
        "form": SampleForm({"name": "", "outcome": "draw", "team": "n"}),
        **more,
    }


def render(name, **more):
    """The sample page as HTML."""
    source = (Path(__file__).parent / f"{name}.html").read_text()
    return _template(source).render(Context(context(**more)))


def _template(source):
    """A template of the project's engine from its text."""
    engine = get_template("base.html").backend.engine
    assert isinstance(engine, Engine)
    return engine.from_string(source)
