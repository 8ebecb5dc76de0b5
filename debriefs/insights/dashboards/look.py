"""What one page looks at: a reader's scope, the filters, and the deals they leave."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from debriefs.deals.models import Deal
from debriefs.findings.models import Release
from debriefs.insights import queries
from debriefs.insights.filters import Filters
from debriefs.insights.queries import Scope


@dataclass(frozen=True)
class Look:
    """Deals of a scope; the releases behind them follow."""

    scope: Scope
    filters: Filters
    deals: QuerySet[Deal]

    @cached_property
    def releases(self) -> QuerySet[Release]:
        """The counted releases of the deals. No query by itself."""
        return queries.releases_behind(self.scope, self.deals)
