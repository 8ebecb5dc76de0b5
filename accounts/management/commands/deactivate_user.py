"""Stops an account at once, on every programme of this installation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions import deactivate_user
from accounts.models import User
from debriefs.foundation import clock
from debriefs.foundation.addresses import address_key


class Command(BaseCommand):
    """Ends sign-in and sessions of one account; says which programmes are left without a programme manager."""

    help = "Deactivates an account: it cannot sign in, and its sessions end with their next request."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=address_key(options["email"])).first()
        if user is None:
            raise CommandError(f"There is no account {options['email']}.")
        left = deactivate_user(user=user, now=clock.now())
        self.stdout.write(f"{user.email} can no longer sign in.")
        for programme in left:
            self.stdout.write(f"Programme {programme.slug} has no programme manager left who can sign in.")
