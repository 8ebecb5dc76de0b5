"""Changes of the codebook: each a version, and what was coded keeps its code."""

import threading

import pytest
from django.db import IntegrityError, connections, transaction

from debriefs.codebook import actions, queries
from debriefs.codebook.enums import CodebookAct
from debriefs.codebook.models import CodebookVersion, Driver, ReasonMeaning
from debriefs.codebook.refusals import CodebookIsStale, NameTaken, NotInCodebook, TooFewOffered
from debriefs.codebook.rules import DriverText, asks_for_review
from debriefs.foundation.models import AuditEntry


@pytest.fixture
def book(world):
    """The starter codebook of the programme, by key."""
    actions.install_starter_codebook(programme=world.programme)

    def of(key):
        return Driver.objects.select_related("category", "programme").get(programme=world.programme, key=key)

    return of


def numbers(world):
    return list(queries.versions_of(world.programme).values_list("number", "act"))


def test_every_change_is_a_version_with_who_why_and_what_stood_there(world, book):
    trust = book("trust")
    said = DriverText.of(trust)._replace(name="Trust in the people")
    actions.describe_driver(
        driver=trust,
        text=said,
        in_picker=True,
        reason="Buyers say it so.",
        base_number=1,
        by=world.admin,
        now=world.now,
    )
    made = CodebookVersion.objects.get(programme=world.programme)
    assert (made.number, made.act, made.reason, made.made_by) == (
        2,
        CodebookAct.DESCRIBED,
        "Buyers say it so.",
        world.admin,
    )
    assert made.changed == [("Name", "Trust and professionalism", "Trust in the people")]
    assert AuditEntry.objects.filter(action="codebook.described", subject_id=trust.pk, actor_id=world.admin.pk).exists()


def test_saving_what_stands_already_makes_no_version(world, book):
    trust = book("trust")
    actions.describe_driver(
        driver=trust, text=DriverText.of(trust), in_picker=True, reason="", base_number=1, by=world.admin, now=world.now
    )
    assert queries.version_of(world.programme) == 1


def test_a_text_that_rests_on_an_older_version_is_refused_and_nothing_is_overwritten(world, book):
    trust = book("trust")
    first, second = (DriverText.of(trust)._replace(definition=words) for words in ("First.", "Second."))
    for text, base in ((first, 1), (second, 1)):
        if text is first:
            actions.describe_driver(driver=trust, text=text, in_picker=True, reason="", base_number=base, by=world.admin, now=world.now)  # fmt: skip
            continue
        with pytest.raises(CodebookIsStale) as refused:
            actions.describe_driver(driver=trust, text=text, in_picker=True, reason="", base_number=base, by=world.admin, now=world.now)  # fmt: skip
        assert refused.value.number == 2
    assert book("trust").definition == "First."


def test_a_merged_driver_counts_as_the_other_and_so_does_what_counted_as_it(world, book):
    actions.merge_driver(
        driver=book("chemistry"), into=book("trust"), reason="One thing.", by=world.admin, now=world.now
    )
    actions.merge_driver(
        driver=book("trust"), into=book("expertise"), reason="One thing.", by=world.admin, now=world.now
    )
    assert book("chemistry").counts_as == book("expertise")
    assert book("trust").counts_as == book("expertise")
    assert not queries.drivers_of(world.programme).filter(key__in=("chemistry", "trust")).exists()
    assert numbers(world) == [(3, "merged"), (2, "merged")]


def test_the_reasons_of_a_merged_driver_mean_the_other(world, book):
    actions.merge_driver(driver=book("budget"), into=book("trust"), reason="Odd.", by=world.admin, now=world.now)
    meaning = ReasonMeaning.objects.get(programme=world.programme, reason_key="too expensive")
    assert (meaning.driver, meaning.category) == (book("trust"), book("trust").category)


@pytest.mark.parametrize("into", ["trust", "elsewhere", "retired"])
def test_a_driver_merges_only_into_another_live_one_of_its_programme(world, book, into):
    actions.install_starter_codebook(programme=world.other_programme)
    actions.retire_driver(driver=book("pressure"), reason="x", by=world.admin, now=world.now)
    elsewhere = Driver.objects.select_related("category", "programme").get(
        programme=world.other_programme, key="budget"
    )
    target = {"trust": book("trust"), "elsewhere": elsewhere, "retired": book("pressure")}[into]
    with pytest.raises(NotInCodebook):
        actions.merge_driver(driver=book("trust"), into=target, reason="x", by=world.admin, now=world.now)
    assert book("trust").retired_at is None
    assert book("trust").counts_as is None


@pytest.mark.parametrize(("chosen", "named"), [(1, "Answers on price"), (None, None)])
def test_a_split_driver_counts_as_the_chosen_part_or_stays_until_it_is_coded_anew(world, book, chosen, named):
    parts = [DriverText("Answers on fit"), DriverText("Answers on price")]
    made = actions.split_driver(
        driver=book("answers"), parts=parts, reason="Two things.", counts_as=chosen, by=world.admin, now=world.now
    )
    assert [(part.name, part.category.key, part.key) for part in made] == [
        ("Answers on fit", "proposal", "answers-on-fit"),
        ("Answers on price", "proposal", "answers-on-price"),
    ]
    gone = book("answers")
    assert gone.retired_at == world.now
    assert (gone.counts_as.name if gone.counts_as else None) == named


def test_a_driver_is_split_into_two_to_five_parts_with_names_of_their_own(world, book):
    before = Driver.objects.count()
    for parts in (
        [DriverText("One")],
        [DriverText(str(n)) for n in range(6)],
        [DriverText("Same"), DriverText("same")],
    ):
        with pytest.raises((NotInCodebook, NameTaken)):
            actions.split_driver(driver=book("answers"), parts=parts, reason="x", counts_as=None, by=world.admin, now=world.now)  # fmt: skip
    assert Driver.objects.count() == before
    assert book("answers").retired_at is None


def test_a_driver_retires_and_comes_back_and_both_are_harmless_if_repeated(world, book):
    for _again in range(2):
        actions.retire_driver(driver=book("trust"), reason="Unused.", by=world.admin, now=world.now)
    assert book("trust").retired_at == world.now
    for _again in range(2):
        actions.restore_driver(driver=book("trust"), reason="Missed.", by=world.admin, now=world.now)
    assert book("trust").retired_at is None
    assert numbers(world) == [(3, "restored"), (2, "retired")]


def test_the_last_driver_of_a_category_does_not_retire(world, book):
    contract = book("legal-terms").category
    live = list(Driver.objects.filter(category=contract).order_by("position"))
    for driver in live[:-1]:
        actions.retire_driver(driver=driver, reason="x", by=world.admin, now=world.now)
    with pytest.raises(TooFewOffered):
        actions.retire_driver(driver=live[-1], reason="x", by=world.admin, now=world.now)
    assert Driver.objects.filter(category=contract, retired_at__isnull=True).count() == 1


def test_two_live_drivers_of_a_category_have_different_names_and_every_driver_its_own_key(world, book):
    sales = book("trust").category
    with pytest.raises(NameTaken):
        actions.add_driver(category=sales, text=DriverText("PRESSURE"), in_picker=False, reason="", by=world.admin, now=world.now)  # fmt: skip
    actions.retire_driver(driver=book("pressure"), reason="x", by=world.admin, now=world.now)
    made = actions.add_driver(category=sales, text=DriverText("Pressure"), in_picker=False, reason="", by=world.admin, now=world.now)  # fmt: skip
    assert made.key == "pressure-2"
    assert made.position < Driver.objects.get(category=sales, is_other=True).position
    with pytest.raises(NameTaken):
        actions.restore_driver(driver=book("pressure"), reason="x", by=world.admin, now=world.now)


def test_the_database_refuses_a_live_driver_that_counts_as_another_and_one_of_another_programme(world, book):
    actions.install_starter_codebook(programme=world.other_programme)
    elsewhere = Driver.objects.get(programme=world.other_programme, key="trust")
    with pytest.raises(IntegrityError), transaction.atomic():
        Driver.objects.filter(pk=book("trust").pk).update(counts_as=book("budget"))
    with pytest.raises(IntegrityError), transaction.atomic(), connections["default"].cursor() as cursor:
        Driver.objects.filter(pk=book("trust").pk).update(counts_as=elsewhere, retired_at=world.now)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    ("other", "total", "asks"), [(0, 0, False), (5, 9, False), (1, 10, False), (2, 10, True), (10, 100, False), (11, 100, True)]
)  # fmt: skip
def test_other_above_a_tenth_of_at_least_ten_findings_asks_for_a_review(other, total, asks):
    assert asks_for_review(other, total) is asks


@pytest.mark.django_db(transaction=True)
def test_changes_at_the_same_moment_get_numbers_without_gap_or_double(world, book):
    keys = ["trust", "pressure", "chemistry", "expertise", "responsiveness"]
    drivers, together = [book(key) for key in keys], threading.Barrier(len(keys))

    def retire(driver):
        together.wait()
        actions.retire_driver(driver=driver, reason="At once.", by=world.admin, now=world.now)
        connections.close_all()

    threads = [threading.Thread(target=retire, args=[driver]) for driver in drivers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(number for number, _act in numbers(world)) == [2, 3, 4, 5, 6]
