"""Views saved by several windows at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from debriefs.foundation import clock
from debriefs.insights.actions import save_view
from debriefs.insights.models import FigureView
from tests import factories


@pytest.mark.django_db(transaction=True)
def test_windows_that_save_one_name_at_once_leave_one_view():
    person = factories.world().manager
    start = Barrier(8)

    def save(number: int) -> None:
        try:
            start.wait()
            save_view(name="Losses", page="drivers", query=f"o={number}", by=person, now=clock.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as windows:
        list(windows.map(save, range(8)))
    assert FigureView.objects.filter(person=person, name="Losses").count() == 1
