"""From a figure to the words and back: what was chosen on the way is kept, and where nothing is left each filter can be taken off."""

import re

import pytest
from django.template.loader import render_to_string

from debriefs.codebook.models import Driver
from debriefs.insights.drawing import drawn
from debriefs.insights.figures import Chart, Kind, Mark, of_net, of_share
from debriefs.insights.standalone import placed
from debriefs.insights.statistics import Net, Share, Status
from tests.insights.test_pages import filled, text_of, url

__all__ = ["filled"]
pytestmark = pytest.mark.django_db


def test_remarks_keep_the_page_they_were_reached_from_through_filters_and_chips(world, filled, sign_in):
    price = Driver.objects.get(programme=world.programme, name="Price")
    page = sign_in(world.admin).get(
        url(world, "remarks", f"driver={price.pk}&from=drivers&p={filled.key}&o=lost&d=hurt")
    )
    html = page.content.decode()
    assert f'{url(world, "drivers")}?p={filled.key}&amp;o=lost">Back to the figures' in html
    assert '<input type="hidden" name="from" value="drivers">' in html
    without = re.findall(r'<a class="chip" href="([^"]+)"', html)
    assert len(without) == 2
    for address in [*without, re.search(r'<a class="small" href="([^"]+)"', html)[1]]:
        assert "from=drivers" in address
        assert f"driver={price.pk}" in address
        assert "d=hurt" in address


def test_where_filters_leave_nothing_each_can_be_taken_off(world, filled, sign_in):
    client = sign_in(world.admin)
    for name in ("overview", "drivers", "competitors", "record"):
        page = client.get(url(world, name, "p=2001q1&seg=Retail"))
        said = text_of(page)
        assert "Nothing is left with these filters." in said
        assert f'href="{url(world, name)}?p=2001q1">Without “Segment: Retail”' in page.content.decode()
        assert "Nothing to show with this filter" not in said


def test_a_column_that_no_line_fills_is_left_out():
    marks = (of_share("a", Share(2, 3)), of_share("b", Share(4, 12)))
    plain = drawn(Chart("c", "t", "b", Kind.SHARE, ("Count", "Of"), marks))
    assert plain.headers == ("", "Count", "Of", "Value", "95 % interval")
    assert plain.rows[0] == ("a", "2", "3", "2 of 3", "")
    noted = drawn(Chart("c", "t", "b", Kind.SHARE, ("Count", "Of"), (of_share("a", Share(2, 3), sub="said"),)))
    assert noted.headers == ("", "Count", "Of", "Value", "Remark")
    assert noted.rows[0][-1] == "said"


def test_sums_too_few_for_a_share_are_numbers_that_can_be_read():
    mark = Mark("By value", ("", ""), 0.6, 0, 0, Status.TOO_FEW, k=1_515_500, n=2_366_000, is_sum=True)
    (bar,) = drawn(Chart("c", "t", "b", Kind.SHARE, ("Won", "Of"), (mark,))).bars
    assert bar.value == "1,515,500 of 2,366,000"


def test_a_drawing_taken_along_has_no_bar_where_there_are_too_few_and_an_outline_where_there_are_few():
    few = Chart("c", "t", "b", Kind.NET, ("x", "y", "z"), (of_net("few", Net(4, 0, 4)), of_net("thin", Net(0, 6, 7))))
    shown = render_to_string("insights/chart.svg", {"picture": placed(drawn(few))})
    assert '#D55E00" fill-opacity="0.2"' in shown
    assert shown.count("<rect") == 3


def test_a_filter_that_only_the_line_brought_is_gone_on_the_way_back(world, filled, sign_in):
    client = sign_in(world.admin)
    html = client.get(url(world, "rates", f"p={filled.key}")).content.decode()
    behind = re.search(r'<a href="([^"]*seg=Retail[^"]*)"', html)[1].replace("&amp;", "&")
    page = client.get(behind).content.decode()
    assert f'{url(world, "rates")}?p={filled.key}">Back to the figures' in page
    # One that was there before stays.
    html = client.get(url(world, "rates", f"p={filled.key}&seg=Retail")).content.decode()
    behind = re.search(r'<a href="([^"]*debriefs/[^"]*seg=Retail[^"]*)"', html)[1].replace("&amp;", "&")
    page = client.get(behind).content.decode()
    assert re.search(rf'{url(world, "rates")}\?p={filled.key}&amp;seg=Retail">Back to the figures', page)


def test_debriefs_behind_a_pair_of_reasons_say_which_and_keep_it(world, filled, sign_in):
    price = Driver.objects.get(programme=world.programme, name="Price").category
    page = sign_in(world.admin).get(url(world, "debrief_list", f"own={price.key}&buyer={price.key}&p={filled.key}"))
    assert f"Our side wrote “{price.name}”. The buyer named “{price.name}”." in text_of(page)
    html = page.content.decode()
    assert f'<input type="hidden" name="own" value="{price.key}">' in html
    assert f"buyer={price.key}" in re.search(r'<a class="chip" href="([^"]+)"', html)[1]
