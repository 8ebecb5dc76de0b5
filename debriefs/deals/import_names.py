"""What rows name, found or made for a whole chunk at once: companies, offerings, competitors, teams, people, contacts.

The caller holds `names.lock_names`, so nobody else imports into the programme in this moment; what forms make meanwhile is met
by unique keys (`ignore_conflicts`) and read back.
"""

from collections.abc import Iterable
from uuid import UUID, uuid4

from django.db.models.functions import Lower

from accounts.models import Person, Team, TeamMember
from debriefs.deals.models import Company, Competitor, DealImport, Offering
from debriefs.deals.names import KnownThing, Thing
from debriefs.deals.read_deals import ReadDeal
from debriefs.deals.rules import name_key
from debriefs.deals.values import NamedAddress
from debriefs.foundation.addresses import address_key
from debriefs.foundation.bulk_rows import BulkRows

_MOST_KNOWN = 100_000


class KnownNames:
    """Caches of one run. Two queries per kind and chunk with new names, none without."""

    def __init__(self, deal_import: DealImport) -> None:
        self.programme, self._import = deal_import.programme, deal_import
        self.made_people: list[UUID] = []
        self.made_teams: list[UUID] = []
        self._keys: dict[str, str] = {}
        self._things: dict[type, dict[str, KnownThing]] = {}
        self._company_facts: dict[UUID, tuple[str, str]] = {}
        self._teams = {team.name.casefold(): team for team in Team.objects.filter(programme=self.programme)}
        self._people_by_email: dict[str, Person] = {}
        self._people_by_id: dict[str, Person] = {}
        self._people_by_name: dict[str, Person] = {}
        self._place_of: dict[UUID, Team | None] = {}

    def learn(self, deals: list[ReadDeal]) -> None:
        """Everything the rows name exists afterwards and is found by the methods below."""
        self._forget_when_many()
        segments = {deal.company: deal.segment for deal in reversed(deals) if deal.segment}
        countries = {deal.company: deal.country for deal in reversed(deals) if deal.country}
        self._learn_things(Company, [deal.company for deal in deals], segment=segments, country=countries)
        self._learn_things(Offering, [deal.offering for deal in deals])
        self._learn_things(Competitor, [name for deal in deals for name in (*deal.competitors, deal.winner)])
        self._learn_teams({deal.team for deal in deals if deal.team})
        self._learn_people(deals)
        self._fill_companies(deals)

    def thing(self, model: type[Thing], name: str) -> KnownThing | None:
        """The company, offering or competitor of that name."""
        return self._things[model].get(self._key(name)) if name else None

    def owner_of(self, deal: ReadDeal) -> Person | None:
        """The owner a row names: by address, by the CRM's id, by name; in this order."""
        if deal.owner and deal.owner.email:
            return self._people_by_email.get(address_key(deal.owner.email))
        if deal.owner_id:
            return self._people_by_id.get(deal.owner_id)
        return self._people_by_name.get(name_key(deal.owner.name)) if deal.owner else None

    def team_of(self, deal: ReadDeal, owner: Person | None) -> Team | None:
        """The team a row names, else the only team of its owner."""
        if deal.team:
            return self._teams.get(deal.team.casefold())
        return self._place_of.get(owner.pk) if owner else None

    def _learn_things(self, model: type[Thing], names: Iterable[str], **first_said: dict[str, str]) -> None:
        """`first_said` holds further facts of new ones, by name."""
        known = self._things.setdefault(model, {})
        missing = {key: name[:200] for name in set(names) if name and (key := self._key(name)) not in known}
        if not missing:
            return
        self._find_things(model, list(missing), tuple(first_said))
        rows = BulkRows(
            model, "id", "name", "name_key", *first_said, programme_id=self.programme.pk, imported_by_id=self._import.pk
        )
        made = []
        for key, name in missing.items():
            if key in known:
                continue
            thing = known[key] = KnownThing(uuid4(), name)
            facts = [said.get(name, "") for said in first_said.values()]
            rows.add(thing.pk, name, key, *facts)
            made.append(key)
            if model is Company:
                self._company_facts[thing.pk] = (facts[0], facts[1])
        if not rows.insert_missing():
            # A form has made one of them in this moment: what won is read back.
            self._find_things(model, made, tuple(first_said))

    def _find_things(self, model: type[Thing], keys: list[str], facts: tuple[str, ...]) -> None:
        known = self._things[model]
        found = model.objects.filter(programme=self.programme, name_key__in=keys)
        for key, pk, name, *rest in found.values_list("name_key", "pk", "name", *facts):
            known[key] = KnownThing(pk, name)
            if model is Company:
                self._company_facts[pk] = (rest[0], rest[1])

    def _forget_when_many(self) -> None:
        """Keeps memory small for files that name ever new things; what is forgotten is read again."""
        if max(len(self._keys), *(len(known) for known in self._things.values()), 0) > _MOST_KNOWN:
            self._keys.clear()
            self._company_facts.clear()
            self._things.clear()

    def _key(self, name: str) -> str:
        """`name_key`, remembered: the same few names come again and again."""
        key = self._keys.get(name)
        if key is None:
            key = self._keys[name] = name_key(name)
        return key

    def _learn_teams(self, names: set[str]) -> None:
        for name in sorted(names):
            if name.casefold() not in self._teams:
                team = self._teams[name.casefold()] = Team.objects.create(programme=self.programme, name=name)
                self.made_teams.append(team.pk)

    def _learn_people(self, deals: list[ReadDeal]) -> None:
        emails = {address_key(deal.owner.email) for deal in deals if deal.owner and deal.owner.email}
        emails -= self._people_by_email.keys()
        ids = {deal.owner_id for deal in deals if deal.owner_id} - self._people_by_id.keys()
        names = {name_key(deal.owner.name) for deal in deals if deal.owner and not deal.owner.email}
        names -= self._people_by_name.keys()
        everybody = Person.objects.filter(programme=self.programme)
        fresh: list[Person] = []
        if emails:
            known = everybody.alias(email_key=Lower("email")).filter(email_key__in=emails)
            self._people_by_email |= {address_key(person.email): person for person in known}
        if ids:
            self._people_by_id |= {person.external_id: person for person in everybody.filter(external_id__in=ids)}
        if names:
            # Only people known by name alone: an account is found by its address, never guessed from a name.
            for person in everybody.filter(user__isnull=True, email=""):
                self._people_by_name.setdefault(name_key(person.name), person)
        for deal in deals:
            if self.owner_of(deal) is None and (deal.owner or deal.owner_id):
                person = self._new_person(deal)
                fresh.append(person)
        Person.objects.bulk_create(fresh)
        self.made_people += [person.pk for person in fresh]
        self._learn_places(deals)

    def _new_person(self, deal: ReadDeal) -> Person:
        named = deal.owner or NamedAddress(f"Owner {deal.owner_id}", "")
        person = Person(
            programme=self.programme, name=named.name[:200], email=named.email, external_id=deal.owner_id[:120]
        )
        if named.email:
            self._people_by_email[address_key(named.email)] = person
        elif deal.owner_id:
            self._people_by_id[deal.owner_id] = person
        else:
            self._people_by_name[name_key(named.name)] = person
        return person

    def _learn_places(self, deals: list[ReadDeal]) -> None:
        owners = {owner.pk for deal in deals if (owner := self.owner_of(deal))} - self._place_of.keys()
        if not owners:
            return
        places: dict[UUID, list[Team]] = {pk: [] for pk in owners}
        for place in TeamMember.objects.filter(person__in=owners).select_related("team"):
            places[place.person_id].append(place.team)
        self._place_of |= {pk: teams[0] if len(teams) == 1 else None for pk, teams in places.items()}

    def _fill_companies(self, deals: list[ReadDeal]) -> None:
        """Segment and country of companies where they were empty."""
        touched = set()
        for deal in deals:
            if not (deal.segment or deal.country):
                continue
            company = self.thing(Company, deal.company)
            if company is None:
                continue
            before = self._company_facts[company.pk]
            after = (before[0] or deal.segment, before[1] or deal.country)
            if after != before:
                self._company_facts[company.pk] = after
                touched.add(company.pk)
        if touched:
            rows = [
                Company(pk=pk, segment=segment, country=country)
                for pk in touched
                for segment, country in (self._company_facts[pk],)
            ]
            Company.objects.bulk_update(rows, ["segment", "country"])
