"""Where marks stand: whole intervals, room for counts, and a sign called sure only where the shown interval has one."""

import pytest

from debriefs.insights.charts import driver_groups
from debriefs.insights.drawing import drawn
from debriefs.insights.figures import Chart, Kind, Mark, of_net, of_pairs
from debriefs.insights.measures import DriverFigure
from debriefs.insights.statistics import Net, Status


def place(position):
    return float(position.rstrip("%"))


def figure(name, helped, hurt, n):
    return DriverFigure(id=name, name=name, named=helped + hurt, net=Net(helped, hurt, n))


@pytest.mark.parametrize(
    "marks",
    [
        (of_net("a", Net(0, 20, 40)), of_net("b", Net(20, 0, 40))),
        (of_net("alone", Net(0, 12, 12)),),
        (of_pairs("few", 2, 1, 11, ("3", "2", "11")), of_pairs("none", 0, 0, 11, ("0", "0", "11"))),
    ],
)
def test_an_interval_is_drawn_as_long_as_it_is(marks):
    chart = Chart("c", "t", "b", Kind.NET, ("x", "y", "z"), marks)
    for bar in drawn(chart).bars:
        scale = (place(bar.at_x) - 50) / bar.mark.value if bar.mark.value else None
        assert 0 <= place(bar.low_x) < place(bar.high_x) <= 100
        if scale:
            assert place(bar.low_x) == pytest.approx(50 + bar.mark.low * scale, abs=0.02)
            assert place(bar.high_x) == pytest.approx(50 + bar.mark.high * scale, abs=0.02)
        # The count stands outside its bar.
        assert place(bar.left_x) >= 7
        assert place(bar.right_end) <= 93


def test_the_overview_draws_whole_intervals_too():
    (win,), (lose,) = (group.bars for group in driver_groups((figure("fit", 20, 0, 40), figure("plan", 0, 20, 40))))
    for bar in (win, lose):
        low, high = bar.figure.net.interval
        scale = (place(bar.net_x) - 50) / bar.figure.net.value
        assert place(bar.low_x) == pytest.approx(50 + low * scale, abs=0.02)
        assert place(bar.high_x) == pytest.approx(50 + high * scale, abs=0.02)


def test_why_we_win_stands_before_why_we_lose_and_an_even_driver_in_neither():
    figures = (figure("plan", 0, 9, 20), figure("fit", 8, 1, 20), figure("even", 2, 2, 20), figure("price", 1, 3, 20))
    win, lose = driver_groups(figures)
    assert [bar.figure.name for bar in win.bars] == ["fit"]
    assert [bar.figure.name for bar in lose.bars] == ["plan", "price"]


def test_an_interval_that_is_shown_to_end_at_zero_is_not_called_sure():
    # -24.4 to -0.05 is written "−24 to 0".
    net = of_net("price", Net(0, 5, 40))
    assert net.high < 0
    (bar,) = drawn(Chart("c", "t", "b", Kind.NET, ("x", "y", "z"), (net,))).bars
    assert bar.interval == "−24 to 0"
    assert not bar.is_sure


def test_parts_of_a_whole_fill_the_room_there_is():
    marks = tuple(Mark(name, ("",), value, 0, 0, Status.OK, is_fact=True) for name, value in (("a", 0.2), ("b", 0.1)))
    first, second = drawn(Chart("c", "t", "b", Kind.SHARE, ("x",), marks)).bars
    assert place(first.width) == pytest.approx(84)
    assert place(second.width) == pytest.approx(42)
