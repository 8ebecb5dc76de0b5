"""Reads of guides. They are no secret within their programme, except to team members."""

from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from accounts.enums import Role
from accounts.models import Person, Programme
from debriefs.guides.models import Guide, GuideVersion, Question

READERS = (Role.ADMIN, Role.MANAGER, Role.INTERVIEWER, Role.REVIEWER)


def guides_visible_to(person: Person) -> QuerySet[Guide]:
    """The programme's guides with their versions, newest first; none for team members. Two queries when read."""
    if not person.has_role(*READERS):
        return Guide.objects.none()
    versions = GuideVersion.objects.select_related("published_by").order_by("-number")
    return (
        Guide.objects.filter(programme=person.programme, retired_at__isnull=True)
        .prefetch_related(Prefetch("versions", versions))
        .order_by("name")
    )


def version_visible_to(person: Person, version_id: UUID) -> GuideVersion:
    """The version with guide, questions and probes, or 404. A draft is seen by programme managers only. Three queries."""
    if not person.has_role(*READERS):
        raise Http404
    found = (
        GuideVersion.objects.filter(programme=person.programme, pk=version_id)
        .select_related("guide", "published_by")
        .prefetch_related(Prefetch("questions", Question.objects.prefetch_related("probes")))
        .first()
    )
    if found is None or (found.published_at is None and not person.has_role(Role.ADMIN)):
        raise Http404
    return found


def published_versions(programme: Programme) -> QuerySet[GuideVersion]:
    """The newest published version of each live guide, guide joined, by name. One query."""
    newest = (
        GuideVersion.objects.filter(programme=programme, published_at__isnull=False, guide__retired_at__isnull=True)
        .order_by("guide_id", "-number")
        .distinct("guide_id")
    )
    return GuideVersion.objects.filter(pk__in=newest.values("pk")).select_related("guide").order_by("guide__name")


def proposed_version(*, programme: Programme, outcome_group: str, language: str) -> GuideVersion | None:
    """The version to propose for a deal: one that serves its outcome group, in the contact's language if there is one. One query."""
    serving = [version for version in published_versions(programme) if outcome_group in version.guide.outcome_groups]
    same = [version for version in serving if version.guide.language == language]
    return next(iter(same or serving), None)
