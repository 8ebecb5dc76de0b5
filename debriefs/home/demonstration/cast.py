"""Who appears in the demonstration: our people, the buyers' companies and roles, rivals and offerings. All made up."""

from typing import NamedTuple

from accounts.enums import Affiliation, Role


class Actor(NamedTuple):
    """One of our people: key of the address, name, roles, team, department."""

    key: str
    name: str
    roles: tuple[str, ...]
    team: str = ""
    leads: bool = False
    department: str = ""
    affiliation: str = Affiliation.COMPANY


COMPANY = "Orbeline"
PASSWORD = "a calm meeting room"  # noqa: S105 - shown to everybody who starts the demonstration
TEAMS = ("North", "South", "Public sector")

ACTORS: tuple[Actor, ...] = (
    Actor("admin", "Annelie Torkveen", (Role.ADMIN,), department="Customer insight"),
    Actor("manager", "Ilse Brandvoll", (Role.MANAGER,), "North", True, "Sales"),
    Actor("manager.south", "Teodor Aasgaard", (Role.MANAGER,), "South", True, "Sales"),
    Actor("manager.public", "Marit Solheim-Okafor", (Role.MANAGER,), "Public sector", True, "Sales"),
    Actor("interviewer", "Rukmini Castell", (Role.INTERVIEWER,), affiliation=Affiliation.AGENCY),
    Actor("interviewer.finance", "Joakim Ravndal", (Role.INTERVIEWER,), department="Finance"),
    Actor("interviewer.marketing", "Benedetta Lunde", (Role.INTERVIEWER, Role.MEMBER), department="Marketing"),
    Actor("reviewer", "Sunniva Haraldset", (Role.REVIEWER,), department="Customer insight"),
    Actor("member", "Henrike Saalbach", (Role.MEMBER,), "North", department="Sales"),
    Actor("rep.lasse", "Lasse Immerzeel", (Role.MEMBER,), "North", department="Sales"),
    Actor("rep.orla", "Orla Quennell", (Role.MEMBER,), "North", department="Delivery"),
    Actor("rep.viggo", "Viggo Ahlqvist", (Role.MEMBER,), "South", department="Sales"),
    Actor("rep.noor", "Noor Dijkhuizen", (Role.MEMBER,), "South", department="Sales"),
    Actor("rep.paavo", "Paavo Kettunen", (Role.MEMBER,), "South", department="Pre-sales"),
    Actor("rep.maeve", "Maeve Corrigan-Lie", (Role.MEMBER,), "Public sector", department="Sales"),
    Actor("rep.ottar", "Ottar Nyberget", (Role.MEMBER,), "Public sector", department="Sales"),
)

# The sign-ins a newcomer is shown: key and what they can try with it.
SIGN_INS: tuple[tuple[str, str], ...] = (
    ("manager", "sales manager: schedules debriefs"),
    ("interviewer", "interviewer: prepares, interviews, writes up"),
    ("reviewer", "reviewer: codes and releases"),
    ("member", "team member: gives own view, reads what was released"),
    ("admin", "programme manager: everything"),
)

OFFERINGS = ("Rota", "Relay", "Ledger")
RIVALS = ("Plenara", "Tamsill", "Kestrow")
SEGMENTS = ("Transport", "Health care", "Retail", "Manufacturing", "Public sector")

_FIRST = (
    "Alder", "Bram", "Casta", "Dun", "Elver", "Fenn", "Garr", "Hollis", "Iver", "Jarn", "Kel", "Lumen", "Mar", "Nor",
    "Ostr", "Pell", "Quar", "Ros", "Skar", "Tild", "Ulv", "Ver", "Wyn", "Yar", "Zeel",
)  # fmt: skip
_LAST = {
    "Transport": ("Freight", "Marine", "Rail Services", "Parcels", "Ferries", "Lines", "Haulage", "Logistics"),
    "Health care": ("Clinics", "Care Homes", "Hospitals", "Home Care", "Ambulance", "Dental", "Labs", "Hospice"),
    "Retail": ("Foods", "Garden Centres", "Bakeries", "Outdoor", "Books", "Markets", "Furnishing", "Pharmacies"),
    "Manufacturing": ("Print", "Glass", "Castings", "Timber", "Packaging", "Textiles", "Tools", "Paper"),
    "Public sector": ("Council", "Water Board", "Schools Trust", "Port Authority", "Fire Service", "Parks", "Libraries", "University"),
}  # fmt: skip
_ENDS = ("moor", "brook", "vera", "worth", "ström", "ick", "holm", "rode")


def company_names(count: int) -> list[tuple[str, str]]:
    """`count` different made-up companies as (name, segment), always in the same order."""
    names = []
    for index in range(count):
        segment = SEGMENTS[index % len(SEGMENTS)]
        first = _FIRST[(index * 7) % len(_FIRST)] + _ENDS[(index * 3 + index // len(_FIRST)) % len(_ENDS)]
        last = _LAST[segment][(index // len(SEGMENTS)) % len(_LAST[segment])]
        serial = index // 400
        names.append((f"{first} {last}" + (f" {serial + 1}" if serial else ""), segment))
    return names


# Buyers: name, title, part in the decision, zone.
BUYERS: tuple[tuple[str, str, str, str], ...] = (
    ("Corin Hathersby", "Head of depot operations", "evaluator", "Europe/London"),
    ("Maud Tressilow", "Procurement lead", "procurement", "Europe/London"),
    ("Anselm Verkade", "Plant manager", "economic_buyer", "Europe/Amsterdam"),
    ("Liv Rosendahl", "Head of crewing", "champion", "Europe/Oslo"),
    ("Dafydd Prowse", "Rostering manager", "user", "Europe/London"),
    ("Ingeborg Stave", "Chief nurse", "champion", "Europe/Oslo"),
    ("Mattis Oyelaran", "Finance director", "economic_buyer", "Europe/Oslo"),
    ("Chiara Belmonti", "Head of personnel", "evaluator", "Europe/Rome"),
    ("Pekka Rautio", "Production planner", "user", "Europe/Helsinki"),
    ("Renske Altena", "IT architect", "evaluator", "Europe/Amsterdam"),
    ("Ruairi Kinsella", "Operations director", "economic_buyer", "Europe/Dublin"),
    ("Solveig Thun", "Head of care", "champion", "Europe/Oslo"),
)

# What a deal was about, by segment.
SUBJECTS = {
    "Transport": ("Driver rotas", "Crew planning", "Depot handover", "Hours and pay"),
    "Health care": ("Ward rotas", "Ward handover", "On-call planning", "Hours and pay"),
    "Retail": ("Weekend rotas", "Shift planning", "Overtime accounts", "Branch handover"),
    "Manufacturing": ("Shift planning", "Plant log", "Time recording", "Line handover"),
    "Public sector": ("Duty rotas", "Shift handover", "Time recording", "Stand-by planning"),
}


def name_pools() -> dict[str, list[str]]:
    """The parts that names of many companies, deals and buyers are put together from."""
    return {
        "firsts": list(_FIRST),
        "ends": list(_ENDS),
        "lasts": [word for words in _LAST.values() for word in words],
        "subjects": [subject for subjects in SUBJECTS.values() for subject in subjects],
        "given": [name.split()[0] for name, *_rest in BUYERS],
        "family": [name.split()[-1] for name, *_rest in BUYERS],
    }
