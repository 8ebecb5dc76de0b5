"""The search of the deal list: what it folds, what it forgives, and that the index answers it."""

import pytest
from django.db import connection

from debriefs.deals import queries
from debriefs.deals.models import Deal
from tests import factories

pytestmark = pytest.mark.django_db

# Each name with what people type for it.
SAME = (
    ("Müller & Söhne", "muller"), ("Müller & Söhne", "MÜLLER sohne"), ("Muller", "müller"), ("Łódź Tramwaje", "lodz"), ("Straßenbau", "strassenbau"),
    ("STRASSENBAU", "straße"), ("Ångström", "angstrom"), ("Angstro\u0308m", "ångström"), ("Cœur de Bœuf", "coeur boeuf"), ("İstanbul", "istanbul"),
    ("Ørsted", "orsted"), ("ﬁnance", "finance"), ("Ｆｕｌｌ　ｗｉｄｔｈ", "full width"), ("株式会社田中製作所", "田中"), ("田中さん", "田"), ("Иванов и сыновья", "ИВАНОВ"),
    ("Ёлка", "елка"), ("ΟΔΟΣ Α.Ε.", "οδος"), ("مُنَاقَشَة", "مناقشة"), ("שָׁלוֹם", "שלום"), ("삼성전자", "삼성"), ("zero\u200bwidth", "zerowidth"), ("Ham 🍖 & Co", "🍖"),
    ("100%_sure\\", "100%_sure\\"), ("O'Neil", "o'n"), ("Q4 plan", "q4"), ("Aldermoor Clinics", "moor"),
)  # fmt: skip


def found(world, q: str, *, forgiving: bool = False) -> list[str]:
    deals = queries.filtered(queries.deals_visible_to(world.admin), q=q, record_of=world.admin, forgiving=forgiving)
    return sorted(deals.values_list("name", flat=True))


@pytest.mark.parametrize("in_contact", [False, True])
def test_accents_case_and_script_do_not_hide_a_name(world, in_contact):
    for name, typed in SAME:
        Deal.objects.all().delete()
        column = "contact_text" if in_contact else "search_text"
        factories.deal(world.programme, name=name, **{column: f"before {name} after"})
        factories.deal(world.programme, name="another", **{column: "Quillon Parcel 北京 Петров"})
        assert found(world, typed) == [name], (name, typed)


def test_what_is_not_there_is_not_found(world):
    factories.deal(world.programme, name="one", search_text="株式会社田中 Иванов abc")
    for typed in ("中田", "山", "ванова", "%", "_", "\\", "ab%", "b", "bc x", "b_c"):
        assert found(world, typed) == [], typed
    # From three letters on anywhere, one or two at the beginning of a word.
    assert found(world, "ab") == found(world, "a") == found(world, "ванов") == ["one"]


@pytest.mark.parametrize(
    "typed",
    [
        "Fesnbury",
        "Fennsbury",
        "Fensbry",
        "fensbury freihgt",
        "Fënsbüry Frieght",
        "Fensburi",
        "Fraight Fensbury",
    ],
)
def test_a_typing_error_is_forgiven(world, typed):
    factories.deal(world.programme, name="meant", search_text="Rota planning Fensbury Freight")
    factories.deal(world.programme, name="another", search_text="Shift planning Castavera Foods")
    assert found(world, typed, forgiving=True) == ["meant"]


def test_more_than_an_error_is_another_name(world):
    factories.deal(world.programme, name="one", search_text="Fensbury Freight 100% sure")
    for typed in ("Fxnsbxry", "Fensbury Frx", "Castav", "1_0%x"):
        assert found(world, typed, forgiving=True) == [], typed


def test_a_typing_error_in_another_script_is_forgiven(world):
    factories.deal(world.programme, name="meant", search_text="Иванов")
    factories.deal(world.programme, name="another", search_text="Петров")
    for typed in ("Иванев", "Ивано", "Иваанов", "Ивaнов", "Ивнаов"):
        assert found(world, typed, forgiving=True) == ["meant"], typed


@pytest.mark.parametrize("typed", ["fensbury", "田中", "田", "иванов", "q4"])
def test_every_search_reads_the_index(world, typed):
    """Without it a search would read every deal; names in other scripts and short words are the ones that used to."""
    factories.deal(world.programme, name="one", search_text="Fensbury 田中 Иванов Q4")
    query = queries.filtered(Deal.objects.order_by(), q=typed)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    plan = query.explain()
    assert "deal_search_trigrams" in plan
    with connection.cursor() as cursor:
        cursor.execute("SELECT show_trgm(btrim(deals_search_pattern(%s), '%%'))", [typed])
        (trigrams,) = cursor.fetchone()
    assert trigrams


def test_the_key_follows_the_text_however_it_is_written(world):
    deal = factories.deal(world.programme, name="one", search_text="Müller")
    Deal.objects.filter(pk=deal.pk).update(search_text="Łódź", contact_text="Ana Díaz")
    deal = Deal.objects.get(pk=deal.pk)
    assert (deal.search_key, deal.contact_key) == (" lodz ", " ana diaz ")
    deal.search_text = "Ørsted"
    deal.save()
    deal.refresh_from_db()
    assert deal.search_key == " orsted "


@pytest.mark.parametrize("word", ["kova", "novak", "fensbury", "castavera", "Иванов", "田中商事"])
def test_every_single_error_in_a_word_is_forgiven(world, word):
    """Halves are looked up first: none of them may hide what the readings of the whole word would find."""
    factories.deal(world.programme, name="meant", search_text=f"before {word} after")
    spots = range(len(word))
    errors = {word[:n] + "x" + word[n + 1 :] for n in spots} | {word[:n] + "x" + word[n:] for n in spots}
    errors |= {word[:n] + word[n + 1 :] for n in spots}
    errors |= {word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in spots[:-1]}
    for typed in sorted(typed for typed in errors if len(typed) > 3):
        assert found(world, typed, forgiving=True) == ["meant"], typed


@pytest.mark.parametrize("typed", ["fesnbury freihgt", "kvoa", "novka", "Ивнаов"])
def test_a_forgiving_search_reads_the_index_too(world, typed):
    factories.deal(world.programme, name="one", search_text="Fensbury Freight Kova Иванов")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    plan = queries.filtered(Deal.objects.order_by(), q=typed, forgiving=True).explain()
    condition = plan.partition("Index Cond:")[2]
    assert "deal_search_trigrams" in plan
    assert condition.count("~~ ANY") == len(typed.split())
