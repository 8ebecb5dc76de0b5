"""The codebook a programme begins with."""

from django.db import transaction

from accounts.models import Programme
from debriefs.codebook.models import Category, Driver, ReasonMeaning
from debriefs.codebook.starter import CATEGORIES, REASONS
from debriefs.codebook.starter_texts import OTHER_DEFINITION, OTHER_NAME, TEXTS

# Behind every driver a programme adds.
OTHER_POSITION = 1_000


@transaction.atomic
def install_starter_codebook(*, programme: Programme) -> None:
    """The programme has the twelve starter categories, their drivers, one for what fits none of them, and the meanings of common
    CRM reasons.

    Adds only what is missing: harmless if repeated, and what a person renamed stays renamed. Six queries.
    """
    Category.objects.bulk_create(
        [
            Category(programme=programme, key=category.key, name=category.name, position=position)
            for position, category in enumerate(CATEGORIES, start=1)
        ],
        ignore_conflicts=True,
    )
    categories = {category.key: category for category in Category.objects.filter(programme=programme)}
    Driver.objects.bulk_create(
        [
            Driver(
                programme=programme,
                category=categories[category.key],
                key=driver.key,
                name=driver.name,
                definition=driver.definition,
                position=position,
                in_picker=driver.in_picker,
                include=TEXTS[driver.key][0],
                exclude=TEXTS[driver.key][1],
                example=TEXTS[driver.key][2],
            )
            for category in CATEGORIES
            for position, driver in enumerate(category.drivers, start=1)
        ]
        + [
            Driver(
                programme=programme,
                category=category,
                key=f"{key}-other",
                name=OTHER_NAME.format(category=category.name),
                definition=OTHER_DEFINITION,
                position=OTHER_POSITION,
                is_other=True,
            )
            for key, category in categories.items()
        ],
        ignore_conflicts=True,
    )
    drivers = {driver.key: driver for driver in Driver.objects.filter(programme=programme)}
    ReasonMeaning.objects.bulk_create(
        [
            ReasonMeaning(
                programme=programme, reason_key=reason, category=categories[category], driver=drivers.get(driver)
            )
            for reason, category, driver in REASONS
        ],
        ignore_conflicts=True,
    )
