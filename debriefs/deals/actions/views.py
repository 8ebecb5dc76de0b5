"""Views of the deal list that people name for themselves."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Person
from debriefs.deals.models import SavedView
from debriefs.deals.refusals import TooManyViews

MOST = 20


@transaction.atomic
def save_view(*, person: Person, name: str, query: str, now: datetime) -> SavedView:
    """The view under that name, for this person alone; the same name again replaces it. Raises TooManyViews."""
    # The person's row makes two windows that save at once count one after the other.
    Person.objects.select_for_update().get(pk=person.pk)
    name = " ".join(name.split())
    known = SavedView.objects.filter(person=person, name__iexact=name).first()
    if known is not None:
        known.name, known.query, known.saved_at = name, query, now
        known.save(update_fields=["name", "query", "saved_at"])
        return known
    if SavedView.objects.filter(person=person).count() >= MOST:
        raise TooManyViews(_("You have %(most)d views already. Forget one that you no longer use.") % {"most": MOST})
    return SavedView.objects.create(
        programme_id=person.programme_id, person=person, name=name, query=query, saved_at=now
    )


def remove_view(*, view: SavedView) -> None:
    """The view is forgotten. Harmless if repeated."""
    SavedView.objects.filter(pk=view.pk).delete()
