"""The first step on a new installation: a programme, and the invitation of its manager."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils.text import slugify

from accounts import links
from accounts.actions import create_programme
from accounts.models import Programme
from debriefs.codebook.actions import install_starter_codebook
from debriefs.foundation import clock
from debriefs.foundation.time_zones import ZONES
from debriefs.guides.actions import install_starter_guides


class Command(BaseCommand):
    """Makes the programme with starter codebook and guides; its manager is invited by mail, and the link is printed too."""

    help = "Makes a programme and invites its manager."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True)
        parser.add_argument("--admin", required=True, metavar="EMAIL")
        parser.add_argument("--admin-name", default="")
        parser.add_argument("--slug", default="")
        parser.add_argument("--time-zone", default="UTC")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["slug"] or slugify(options["name"])[:40]
        try:
            validate_email(options["admin"])
        except ValidationError:
            raise CommandError(f"{options['admin']!r} is not an e-mail address.") from None
        if options["time_zone"] not in ZONES:
            raise CommandError(f"{options['time_zone']!r} is not a time zone such as Europe/Oslo.")
        if not slug or Programme.objects.filter(slug=slug).exists():
            raise CommandError(
                f"There is a programme {slug!r} already, or the name makes no address: choose another --slug."
            )
        now = clock.now()
        programme = create_programme(
            name=options["name"], slug=slug, admin_email=options["admin"],
            admin_name=options["admin_name"], now=now, time_zone=options["time_zone"],
        )  # fmt: skip
        install_starter_codebook(programme=programme)
        install_starter_guides(programme=programme, by=None, now=now)
        address = links.address(programme.invitations.get())
        said = {"programme": slug, "invitation": address}
        self.stdout.write(
            json.dumps(said) if options["json"] else f"Programme {slug} is ready. Its manager joins at {address}"
        )
