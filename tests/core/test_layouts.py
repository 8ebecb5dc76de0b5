"""Forms as crispy renders them: errors on top, optional fields named, one filled button."""

from django import forms
from django.template import Context, engines

from debriefs.core.layouts import Acts, page_form


class DealForm(forms.Form):
    name = forms.CharField()
    note = forms.CharField(required=False, label="Note")
    outcome = forms.ChoiceField(choices=[("won", "Won"), ("lost", "Lost")], widget=forms.RadioSelect)
    told = forms.BooleanField(required=False, label="The buyer was told early")
    secret = forms.CharField(widget=forms.HiddenInput, required=False, max_length=3)

    def clean(self):
        if self.data.get("name") == "Twice":
            raise forms.ValidationError("This deal <exists> already.")
        return super().clean()


def drawn(data=None, **options):
    form = DealForm(data)
    form.helper = page_form(form, act="Save deal", **options)
    source = "{% load crispy_forms_tags %}{% crispy form %}"
    return engines["django"].engine.from_string(source).render(Context({"form": form, "csrf_token": "token"}))


def test_errors_stand_on_top_and_lead_to_their_fields():
    page = drawn({"name": "", "outcome": "draw", "note": "kept"})
    summary = page[page.index("error-summary") : page.index("div_id_name")]
    assert 'href="#id_name"' in summary
    assert 'href="#id_outcome_0"' in summary  # a group of buttons has no id of its own: the first one
    assert 'id="id_outcome_0"' in page
    assert 'value="kept"' in page


def test_an_error_of_the_whole_form_is_said_once_and_escaped():
    page = drawn({"name": "Twice", "outcome": "won"})
    assert page.count("This deal &lt;exists&gt; already.") == 1


def test_an_error_in_a_hidden_field_is_said_without_a_link_into_nothing():
    page = drawn({"name": "One", "outcome": "won", "secret": "too long"})
    assert "at most 3 characters" in page
    assert 'href="#id_secret"' not in page


def test_a_form_without_errors_has_no_summary():
    assert "error-summary" not in drawn()
    assert "error-summary" not in drawn({"name": "One", "outcome": "won"})


def test_what_may_be_left_empty_says_so_but_a_tick_does_not():
    page = drawn()
    assert "Note (optional)" in page
    assert "Name (optional)" not in page
    assert "told early (optional)" not in page


def test_a_form_is_posted_with_one_filled_button_and_a_way_back():
    page = drawn(back="/deals/", action="/deals/add/", form_id="deal")
    assert 'method="post"' in page and 'action="/deals/add/"' in page and 'id="deal"' in page
    assert page.count("btn-primary") == 1
    assert '<a href="/deals/">Cancel</a>' in page
    assert 'name="csrfmiddlewaretoken" value="token"' in page
    assert "novalidate" in page


def test_rows_choose_and_order_the_fields():
    form = DealForm()
    form.helper = page_form(form, "note", "name", act="Save deal", quiet=True)
    page = (
        engines["django"]
        .engine.from_string("{% load crispy_forms_tags %}{% crispy form %}")
        .render(Context({"form": form, "csrf_token": "token"}))
    )
    assert page.index("div_id_note") < page.index("div_id_name")
    assert "div_id_outcome" not in page
    assert "btn-primary" not in page


def test_a_button_can_send_what_it_stands_for():
    page = Acts("Send invitation", name="then", value="invite").render(DealForm(), {})
    assert 'name="then" value="invite"' in page
