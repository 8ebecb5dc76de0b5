"""Add, describe, merge, split, retire: each change is a version of the codebook, and what was coded keeps its code."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import Person, Programme
from debriefs.codebook.enums import CodebookAct
from debriefs.codebook.models import Category, CodebookVersion, Driver, ReasonMeaning
from debriefs.codebook.queries import version_of
from debriefs.codebook.refusals import CodebookIsStale, NameTaken, NotInCodebook, TooFewOffered
from debriefs.codebook.rules import MOST_PARTS, DriverText, reason_key
from debriefs.foundation import audit
from debriefs.foundation.enums import ActorKind


@transaction.atomic
def add_driver(
    *, category: Category, text: DriverText, in_picker: bool, reason: str, by: Person, now: datetime
) -> Driver:
    """A new driver at the end of its category. Refuses a name that a live driver of the category has."""
    _lock(category.programme)
    made = _new(category, text, in_picker)
    _note(category.programme, CodebookAct.ADDED, made, reason, by, now, after=text._asdict())
    return made


@transaction.atomic
def describe_driver(
    *, driver: Driver, text: DriverText, in_picker: bool, reason: str, base_number: int, by: Person, now: datetime
) -> Driver:
    """The driver under another name or definition; what was coded with it counts on. Nothing changed makes no version.

    CodebookIsStale when the driver was changed in a version after `base_number`.
    """
    programme = driver.programme
    _lock(programme)
    newest = CodebookVersion.objects.filter(driver=driver).aggregate(newest=Max("number"))["newest"] or 0
    if newest > base_number:
        raise CodebookIsStale(_("Somebody changed this driver meanwhile. Compare both, and save again."), newest)
    locked = _live(driver)
    before = DriverText.of(locked)
    if before == text and locked.in_picker == in_picker:
        return locked
    _refuse_taken(locked.category, text.name, but=locked)
    for name, value in text._asdict().items():
        setattr(locked, name, value)
    locked.in_picker = in_picker
    locked.save(update_fields=[*text._fields, "in_picker"])
    _note(programme, CodebookAct.DESCRIBED, locked, reason, by, now, before=before._asdict(), after=text._asdict())
    return locked


@transaction.atomic
def merge_driver(*, driver: Driver, into: Driver, reason: str, by: Person, now: datetime) -> Driver:
    """`driver` is offered no more, and figures count what was coded with it under `into`; its CRM reasons mean `into`.

    Whatever counted as `driver` before counts as `into` too. Returns the retired driver.
    """
    programme = driver.programme
    _lock(programme)
    gone, stays = _live(driver), _live(into)
    if gone.pk == stays.pk or gone.programme_id != stays.programme_id:
        raise NotInCodebook(_("Choose another driver to merge into."))
    gone.retired_at, gone.counts_as, gone.in_picker = now, stays, False
    gone.save(update_fields=["retired_at", "counts_as", "in_picker"])
    Driver.objects.filter(programme=programme, counts_as=gone).update(counts_as=stays)
    ReasonMeaning.objects.filter(programme=programme, driver=gone).update(driver=stays, category_id=stays.category_id)
    _note(programme, CodebookAct.MERGED, gone, reason, by, now, before=str(gone), after=str(stays), into=str(stays.pk))
    return gone


@transaction.atomic
def split_driver(
    *, driver: Driver, parts: Sequence[DriverText], reason: str, counts_as: int | None, by: Person, now: datetime
) -> list[Driver]:
    """The driver gives way to `parts`, two to five new drivers of its category; returns them in order.

    What was coded with it counts as the part of index `counts_as`, or, with None, under its old name until a person codes each
    anew. Its CRM reasons mean that part, or only the category.
    """
    programme = driver.programme
    _lock(programme)
    gone = _live(driver)
    if not 2 <= len(parts) <= MOST_PARTS or (counts_as is not None and not 0 <= counts_as < len(parts)):
        raise NotInCodebook(_("A driver is split into two to five parts, each with a name of its own."))
    gone.retired_at, was_offered, gone.in_picker = now, gone.in_picker, False
    gone.save(update_fields=["retired_at", "in_picker"])
    made = [_new(gone.category, part, was_offered) for part in parts]
    follows = None if counts_as is None else made[counts_as]
    gone.counts_as = follows
    gone.save(update_fields=["counts_as"])
    Driver.objects.filter(programme=programme, counts_as=gone).update(counts_as=follows)
    ReasonMeaning.objects.filter(programme=programme, driver=gone).update(driver=follows)
    names = ", ".join(part.name for part in parts)
    keys = [str(part.pk) for part in made]
    _note(programme, CodebookAct.SPLIT, gone, reason, by, now, before=str(gone), after=names, parts=keys)
    return made


@transaction.atomic
def retire_driver(*, driver: Driver, reason: str, by: Person, now: datetime) -> None:
    """The driver is offered no more; what was coded with it counts on under its name. Harmless if repeated.

    Refuses the last live driver of a category (TooFewOffered): something has to be there to code with.
    """
    _lock(driver.programme)
    locked = Driver.objects.select_for_update().get(pk=driver.pk)
    if locked.retired_at is not None:
        return
    if not Driver.objects.filter(category=locked.category, retired_at__isnull=True).exclude(pk=locked.pk).exists():
        raise TooFewOffered(_("It is the last driver of its category. Add another one first."))
    locked.retired_at, locked.in_picker = now, False
    locked.save(update_fields=["retired_at", "in_picker"])
    _note(driver.programme, CodebookAct.RETIRED, locked, reason, by, now, before=str(locked))


@transaction.atomic
def restore_driver(*, driver: Driver, reason: str, by: Person, now: datetime) -> None:
    """A retired driver is offered again and counts as itself, also one that was merged. Harmless if repeated.

    What its merge carried along (CRM reasons, drivers that counted as it) stays where it is.
    """
    _lock(driver.programme)
    locked = Driver.objects.select_for_update().get(pk=driver.pk)
    if locked.retired_at is None:
        return
    _refuse_taken(locked.category, locked.name, but=locked)
    locked.retired_at, locked.counts_as = None, None
    locked.save(update_fields=["retired_at", "counts_as"])
    _note(driver.programme, CodebookAct.RESTORED, locked, reason, by, now, after=str(locked))


@transaction.atomic
def map_reason(
    *,
    programme: Programme,
    text: str,
    category: Category | None,
    driver: Driver | None,
    by: Person,
    now: datetime,
    seen: str | None = None,
) -> ReasonMeaning | None:
    """What a reason written in the CRM means from now on: a driver, or only a category; with neither it is unknown again.

    CodebookIsStale when it means something else by now than the page showed (`seen`: "d:key", "c:key" or "").
    """
    key = reason_key(text)
    if not key:
        raise NotInCodebook(_("That is no reason: it has no words."))
    _lock(programme)
    category = driver.category if driver else category
    if (category and category.programme_id != programme.pk) or (driver and driver.retired_at):
        raise NotInCodebook(_("Choose a driver or a category of this codebook."))
    before = ReasonMeaning.objects.filter(programme=programme, reason_key=key).select_related("category", "driver")
    was = before.first()
    if (was.category_id, was.driver_id) == (category.pk, driver.pk if driver else None) if was and category else False:
        return was
    if seen is not None and seen != _means(was):
        raise CodebookIsStale(
            _("Somebody gave this reason another meaning meanwhile. Look at it, and save again."), version_of(programme)
        )
    made = None
    if category is None:
        before.delete()
    else:
        made, _new_row = ReasonMeaning.objects.update_or_create(
            programme=programme, reason_key=key, defaults={"category": category, "driver": driver}
        )
    said = str(driver or category or "")
    _note(
        programme, CodebookAct.REASON, None, "", by, now, before=str(was.driver or was.category) if was else "", after=said, of=key
    )  # fmt: skip
    return made


def _means(meaning: ReasonMeaning | None) -> str:
    if meaning is None:
        return ""
    return f"d:{meaning.driver.key}" if meaning.driver else f"c:{meaning.category.key}"


def _lock(programme: Programme) -> None:
    """One change of a codebook at a time: the numbers of its versions have no gap and no double."""
    list(Category.objects.select_for_update().filter(programme=programme).order_by("pk").values_list("pk"))


def _live(driver: Driver) -> Driver:
    locked = Driver.objects.select_for_update(of=("self",)).select_related("category").get(pk=driver.pk)
    if locked.retired_at is not None:
        raise NotInCodebook(_("%(driver)s is retired. Offer it again first.") % {"driver": locked})
    return locked


def _refuse_taken(category: Category, name: str, but: Driver | None = None) -> None:
    taken = Driver.objects.filter(category=category, name__iexact=name, retired_at__isnull=True)
    if (taken.exclude(pk=but.pk) if but else taken).exists():
        raise NameTaken(_("“%(name)s” is a driver of this category already.") % {"name": name})


def _new(category: Category, text: DriverText, in_picker: bool) -> Driver:
    _refuse_taken(category, text.name)
    last = Driver.objects.filter(category=category, is_other=False).aggregate(last=Max("position"))["last"] or 0
    return Driver.objects.create(
        programme_id=category.programme_id,
        category=category,
        key=_free_key(category.programme_id, text.name),
        position=last + 1,
        in_picker=in_picker,
        **text._asdict(),
    )


def _free_key(programme_id: Any, name: str) -> str:
    """A key nobody has, from the name; keys are stable, names are not."""
    stem = slugify(name)[:50] or "driver"
    taken = set(
        Driver.objects.filter(programme_id=programme_id, key__regex=rf"^{re.escape(stem)}(-\d+)?$").values_list(
            "key", flat=True
        )
    )
    number = 1
    while (key := stem if number == 1 else f"{stem}-{number}") in taken:
        number += 1
    return key


def _note(
    programme: Programme, act: CodebookAct, driver: Driver | None, reason: str, by: Person, now: datetime, **detail: Any
) -> None:
    last = CodebookVersion.objects.filter(programme=programme).aggregate(last=Max("number"))["last"] or 1
    made = CodebookVersion.objects.create(
        programme=programme,
        number=last + 1,
        act=act,
        driver=driver,
        reason=reason,
        detail=detail,
        made_at=now,
        made_by=by,
    )
    audit.record(
        action=f"codebook.{act}",
        now=now,
        actor_kind=ActorKind.PERSON,
        actor_id=by.pk,
        programme_id=programme.pk,
        subject_kind="driver" if driver else "codebook_version",
        subject_id=driver.pk if driver else made.pk,
        detail={"number": made.number},
    )
