"""The codebook a new programme starts with."""

import pytest

from debriefs.codebook import queries
from debriefs.codebook.actions import install_starter_codebook
from debriefs.codebook.models import Category, Driver, ReasonMeaning
from debriefs.codebook.rules import reason_key
from debriefs.codebook.starter import CATEGORIES, REASONS
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_new_programme_gets_twelve_categories_and_a_short_picker():
    programme = factories.programme()
    install_starter_codebook(programme=programme)
    assert Category.objects.filter(programme=programme).count() == 12
    assert 10 <= queries.picker_of(programme).count() <= 15
    assert queries.drivers_of(programme).count() == sum(len(category.drivers) + 1 for category in CATEGORIES)


def test_installing_twice_adds_nothing_and_keeps_what_a_person_renamed():
    programme = factories.programme()
    install_starter_codebook(programme=programme)
    Driver.objects.filter(programme=programme, key="trust").update(name="Trust in our people")
    before = (Driver.objects.count(), ReasonMeaning.objects.count())
    install_starter_codebook(programme=programme)
    assert (Driver.objects.count(), ReasonMeaning.objects.count()) == before
    assert Driver.objects.get(programme=programme, key="trust").name == "Trust in our people"


def test_two_programmes_have_codebooks_of_their_own():
    first, second = factories.programme(), factories.programme()
    install_starter_codebook(programme=first)
    install_starter_codebook(programme=second)
    assert not set(queries.drivers_of(first)) & set(queries.drivers_of(second))


@pytest.mark.parametrize(
    ("written", "category", "driver"),
    [
        ("Price", "price", None),
        ("  too   EXPENSIVE. ", "price", "budget"),
        ("Went with incumbent", "relationship", "incumbent"),
        ("no_decision", "organisation", None),
        ("the moon", None, None),
        ("", None, None),
    ],
)
def test_what_a_crm_reason_means(written, category, driver):
    programme = factories.programme()
    install_starter_codebook(programme=programme)
    found_category, found_driver = queries.meaning_of_reason(programme, written)
    assert (found_category and found_category.key) == category
    assert (found_driver and found_driver.key) == driver


def test_every_starter_reason_is_written_as_it_is_compared():
    drivers = {driver.key: category.key for category in CATEGORIES for driver in category.drivers}
    for reason, category, driver in REASONS:
        assert reason_key(reason) == reason
        assert driver == "" or drivers[driver] == category
