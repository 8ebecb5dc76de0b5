"""The components of every page as template tags."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django.template import Context, RequestContext, TemplateSyntaxError, engines
from django.test import RequestFactory
from django.urls import path
from django.utils.safestring import SafeString

from debriefs.deals.window import window_of


def draw(source, **variables):
    return engines["django"].engine.from_string(source).render(Context(variables))


def a_window(day, implementation_starts_on=None):
    decided_on = date(2026, 11, 3)
    return window_of(
        decided_on=decided_on,
        today=date.fromordinal(decided_on.toordinal() + day),
        cooling_off_days=2,
        best_within_days=21,
        overdue_after_days=30,
        implementation_starts_on=implementation_starts_on,
    )


@pytest.mark.parametrize(
    "source",
    [
        '{% icon "chevron-donw" %}',
        '{% pill "urgent" "Booked" "calendar-check" %}',
        '{% pill "soon" "Booked" "calender-check" %}',
        '{% outcome "victory" %}',
        '{% outcome "withdrawn" "them" %}',
        '{% driver_chip "Price" "harmed" 2 %}',
        '{% state_pill "lost" "Lost" %}',
        '{% verbatim_of "Words." size="huge" %}',
        '{{ now|day:"long" }}',
    ],
)
def test_an_unknown_word_fails(source):
    with pytest.raises(TemplateSyntaxError):
        draw(source, now=date(2026, 11, 24))


@pytest.mark.parametrize(
    "source",
    [
        '{% icon "list" colour="red" %}',
        '{% chip "Team" "North" link="?" %}',
        '{% empty "No deals yet." becaus="…" %}',
        "{% window dya=4 %}",
        '{% measure "Win rate" "32 %" "12 of 38" lwo=2 %}{% endmeasure %}',
    ],
)
def test_a_misspelt_attribute_fails_when_the_template_is_compiled(source):
    with pytest.raises(TemplateSyntaxError, match="unexpected keyword"):
        engines["django"].engine.from_string(source)


def test_what_people_typed_is_escaped_in_every_component():
    evil = "<evil>&"
    drawn = "".join(
        draw(source, evil=evil)
        for source in (
            '{% icon "list" label=evil %}',
            '{% pill "soon" evil "clock" %}',
            "{% crest evil %}",
            '{% state_pill "booked" evil %}',
            '{% driver_chip evil "hurt" 3 %}',
            "{% window day=4 label=evil %}",
            '{% verbatim_of evil source=evil url="?" link=evil %}',
            '{% verbatim_block evil %}{% driver_chip evil "hurt" %}{% endverbatim_block %}',
            "{% measure evil evil evil url=evil low=1 high=3 at=2 %}{{ evil }}{% endmeasure %}",
            "{% chip evil evil evil %}",
            "{% empty evil why=evil url=evil act=evil %}",
            "{% note evil strong=evil %}",
            "{% progress 1 2 evil %}",
        )
    )
    assert "<evil>" not in drawn
    assert drawn.count("&lt;evil&gt;&amp;") >= 20


def test_an_icon_beside_a_word_is_hidden_from_screen_readers_and_one_alone_is_named():
    assert 'aria-hidden="true"' in draw('{% icon "list" %}')
    alone = draw('{% icon "list" label="Menu" %}')
    assert 'role="img" aria-label="Menu"' in alone
    assert "aria-hidden" not in alone


def test_the_filled_form_of_an_icon_only_where_there_is_one():
    assert "#sun-fill" in draw('{% icon "sun" fill=True %}')
    assert "#card-checklist" in draw('{% icon "card-checklist" fill=True %}')


def test_an_outcome_says_who_withdrew():
    assert "Withdrawn by the buyer" in draw('{% outcome "withdrawn" "buyer" %}')
    assert draw('{% outcome "withdrawn" "" %}').endswith("Withdrawn</span>")
    assert "by" not in draw('{% outcome "lost" "buyer" %}')


def test_a_driver_differs_by_sign_word_and_side_not_by_colour_alone():
    hurt = draw('{% driver_chip "Price" "hurt" 1 %}')
    helped = draw('{% driver_chip "Price" "helped" 3 %}')
    assert "−" in hurt and "hurt a little" in hurt
    assert "+" in helped and "helped decisively" in helped
    assert "was mentioned" in draw('{% driver_chip "Price" "mentioned" 2 %}')


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Nobody could tell me.", "“Nobody could tell me.”"),
        ("“Nobody could tell me.”", "“Nobody could tell me.”"),
        (" Nobody. ", "“Nobody.”"),
        ("„Niemand.“", "„Niemand.“"),
    ],
)
def test_the_buyers_words_stand_in_one_pair_of_quotation_marks(text, shown):
    assert f"<p>{shown}</p>" in draw("{% verbatim_of text %}", text=text)


def test_the_window_puts_today_where_it_belongs():
    drawn = draw("{% window day=15 %}")
    assert 'aria-label="Day 15 of 30 since the decision"' in drawn
    assert '<rect class="w-now" x="50.0%"' in drawn
    assert '<rect class="w-best" x="6.7%" y="4" width="63.3%"' in drawn


def test_a_day_beyond_the_window_stays_inside_the_drawing():
    assert '<rect class="w-now" x="100.0%"' in draw("{% window day=44 %}")
    assert '<rect class="w-now" x="0.0%"' in draw("{% window day=-3 %}")


def test_a_call_that_was_held_is_a_ring_not_a_bar():
    drawn = draw("{% window day=27 held=20 %}")
    assert '<circle class="w-held" cx="66.7%"' in drawn
    assert "w-now" not in drawn
    assert "Held on day 20" in drawn


def test_the_window_of_a_deal_follows_the_programme_and_the_implementation():
    short = a_window(6, implementation_starts_on=date(2026, 11, 13))
    drawn = draw("{% deal_window facts %}", facts=short)
    assert 'width="23.3%"' in drawn  # best from day 2 to day 9, of 30


@pytest.mark.parametrize(
    ("day", "tone", "said"),
    [
        (0, "", "Opens in 2 days"),
        (1, "", "Opens tomorrow"),
        (2, "", "19 days left"),
        (18, "soon", "3 days left"),
        (20, "soon", "1 day left"),
        (21, "late", "Last day"),
        (22, "late", "1 day past the best time"),
        (30, "late", "9 days past the best time"),
        (35, "late", "5 days overdue"),
    ],
)
def test_what_is_left_of_a_window_in_words(day, tone, said):
    assert draw("{% window_left facts %}", facts=a_window(day)) == f'<span class="left-words {tone}">{said}</span>'


def test_a_window_with_its_call_held_says_when():
    said = draw("{% window_left facts held %}", facts=a_window(27), held=date(2026, 11, 23))
    assert said.endswith(">Held on day 20</span>")


def test_a_measure_without_an_interval_has_no_drawing():
    assert "<svg" not in draw('{% measure "Kappa" "–" "nothing yet" %}<p>Too few.</p>{% endmeasure %}')
    drawn = draw('{% measure "Win rate" "32 %" "12 of 38" low=19.1 high=47.5 at=31.6 %}{% endmeasure %}')
    assert 'aria-label="Interval 19 to 48 per cent"' in drawn
    assert 'x1="19.10%" x2="47.50%"' in drawn


def test_progress_is_said_and_drawn():
    drawn = draw('{% progress 4100 8800 "rows read" %}')
    assert "4,100 of 8,800" in drawn
    assert '<progress max="8800" value="4100"' in drawn


def test_progress_of_nothing_divides_by_nothing():
    assert '<progress max="1" value="0"' in draw("{% progress 0 0 %}")


def test_components_stand_in_a_line_without_blanks_around_them():
    assert draw('({% pill "" "Released" "check2" %})').startswith("(<span")
    assert isinstance(draw("{% mark %}"), SafeString)


urlpatterns = [path("p/<slug:programme_slug>/deals/<int:number>/", lambda request: None, name="deal")]


@pytest.mark.urls("tests.core.test_ui")
def test_an_address_within_the_programme():
    request = RequestFactory().get("/")
    request.programme = SimpleNamespace(slug="orbeline")
    engine = engines["django"].engine
    template = engine.from_string('{% purl "deal" number=7 %} {% purl "deal" number=8 as next %}[{{ next }}]')
    assert template.render(RequestContext(request)) == "/p/orbeline/deals/7/ [/p/orbeline/deals/8/]"


@pytest.mark.parametrize("name", ["when", "day", "hour", "zone", "ago", "number", "percent", "signed"])
def test_a_filter_on_nothing_says_nothing(name):
    assert draw("{{ value|" + name + " }}", value=None) == ""


def test_filters():
    moment = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
    assert draw("{{ m|when }}", m=moment) == "Tue 24 Nov 2026, 14:00 UTC"
    assert draw('{{ m|day:"short" }} {{ m|hour }} {{ m|zone }}', m=moment) == "Tue 24 Nov 14:00 UTC"
    assert draw('{{ a|money:"EUR" }}', a=228000) == "€228,000"
    assert draw("{{ 6|n_of:9 }}") == "6 of 9"
    assert draw("{{ d|ago:m }}", d=date(2026, 11, 15), m=moment) == "9 days ago"
