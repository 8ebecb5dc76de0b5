"""Headers of exports people upload, from the vendors' documentation: which header is which fact. Pure data.

Headers are written as they are compared: lower case, one blank between words.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class KnownExport:
    """One kind of file. It is recognised when all headers of one of its `marks` are present; `source` says whose ids they are.

    Where a fact may stand in one column only, the header listed first takes it; `second_choice` is used when no other column
    has the fact.
    """

    key: str
    label: str
    source: str
    marks: tuple[frozenset[str], ...]
    headers: dict[str, str]
    second_choice: dict[str, str] = field(default_factory=dict)


SALESFORCE = KnownExport(
    key="salesforce",
    label="Salesforce",
    source="salesforce",
    marks=(
        frozenset(("opportunity name", "stage", "close date")),
        frozenset(("stagename", "closedate", "name")),
    ),
    headers={
        "opportunity id": "external_id",
        "opportunity id (18)": "external_id",
        "id": "external_id",
        "opportunity name": "name",
        "name": "name",
        "account name": "company",
        "stage": "stage",
        "stagename": "stage",
        "close date": "closed_on",
        "closedate": "closed_on",
        "created date": "opened_on",
        "createddate": "opened_on",
        "amount": "amount",
        "amount currency": "currency",
        "currencyisocode": "currency",
        "opportunity owner": "owner",
        "opportunity owner email": "owner_email",
        "ownerid": "owner_id",
        "product name": "offering",
        "industry": "segment",
        "billing country": "country",
        "loss reason": "crm_reason",
        "loss_reason__c": "crm_reason",
        "closed lost reason": "crm_reason",
        "loss notes": "note",
        "closed_lost_notes__c": "note",
        "main competitor(s)": "competitors",
        "maincompetitors__c": "competitors",
        "primary contact": "contact_name",
        "contact name": "contact_name",
        "contact email": "contact_email",
        "contact title": "contact_title",
    },
)
HUBSPOT = KnownExport(
    key="hubspot",
    label="HubSpot",
    source="hubspot",
    marks=(frozenset(("record id", "deal name", "deal stage")),),
    headers={
        "record id": "external_id",
        "deal name": "name",
        "deal stage": "stage",
        "amount": "amount",
        "currency": "currency",
        "close date": "closed_on",
        "create date": "opened_on",
        "deal owner": "owner",
        "hubspot team": "team",
        "closed lost reason": "crm_reason",
        "closed won reason": "crm_reason",
        "associated contact": "contacts",
        "associated company": "companies",
    },
    second_choice={"associated company (primary)": "company"},
)
PIPEDRIVE = KnownExport(
    key="pipedrive",
    label="Pipedrive",
    source="pipedrive",
    marks=(frozenset(("deal - title", "deal - status")),),
    headers={
        "deal - id": "external_id",
        "deal - title": "name",
        "deal - organization": "company",
        "organization - name": "company",
        "deal - status": "stage",
        "deal - won time": "closed_on",
        "deal - lost time": "closed_on",
        "deal - deal created": "opened_on",
        "deal - value": "amount",
        "deal - currency of value": "currency",
        "deal - owner": "owner",
        "deal - lost reason": "crm_reason",
        "deal - contact person": "contact_name",
        "person - name": "contact_name",
        "person - email": "contact_email",
        "person - email - work": "contact_email",
    },
    second_choice={"deal - deal closed on": "closed_on"},
)
DYNAMICS = KnownExport(
    key="dynamics",
    label="Dynamics 365",
    source="dynamics",
    marks=(frozenset(("topic", "potential customer")),),
    headers={
        "(do not modify) opportunity": "external_id",
        "topic": "name",
        "potential customer": "company",
        "account": "company",
        "status reason": "stage",
        "actual close date": "closed_on",
        "created on": "opened_on",
        "actual revenue": "amount",
        "currency": "currency",
        "owner": "owner",
        "contact": "contact_name",
    },
    second_choice={"status": "stage", "est. close date": "closed_on", "est. revenue": "amount"},
)
MAVEN = KnownExport(
    key="maven",
    label="Maven sample of a sales pipeline",
    source="maven",
    marks=(frozenset(("opportunity_id", "sales_agent", "deal_stage")),),
    headers={
        "opportunity_id": "external_id",
        "sales_agent": "owner",
        "product": "offering",
        "account": "company",
        "deal_stage": "stage",
        "engage_date": "opened_on",
        "close_date": "closed_on",
        "close_value": "amount",
    },
)
FIVETRAN_HUBSPOT = KnownExport(
    key="fivetran-hubspot",
    label="HubSpot, copied by Fivetran",
    source="hubspot",
    marks=(frozenset(("deal_id", "property_dealname", "deal_pipeline_stage_id")),),
    headers={
        "deal_id": "external_id",
        "property_dealname": "name",
        "deal_pipeline_stage_id": "stage",
        "property_amount": "amount",
        "property_closedate": "closed_on",
        "property_createdate": "opened_on",
        "owner_id": "owner_id",
        "property_closed_lost_reason": "crm_reason",
    },
)
OTHER = KnownExport(
    key="other",
    label="Another file",
    source="file",
    marks=(),
    headers={
        "deal id": "external_id",
        "opportunity id": "external_id",
        "external id": "external_id",
        "crm id": "external_id",
        "id": "external_id",
        "deal name": "name",
        "opportunity name": "name",
        "opportunity": "name",
        "deal": "name",
        "name": "name",
        "title": "name",
        "company": "company",
        "company name": "company",
        "account": "company",
        "account name": "company",
        "customer": "company",
        "buyer": "company",
        "organisation": "company",
        "organization": "company",
        "outcome": "stage",
        "status": "stage",
        "stage": "stage",
        "deal stage": "stage",
        "decided on": "closed_on",
        "decision date": "closed_on",
        "close date": "closed_on",
        "closed on": "closed_on",
        "closed": "closed_on",
        "opened on": "opened_on",
        "created": "opened_on",
        "created date": "opened_on",
        "create date": "opened_on",
        "amount": "amount",
        "value": "amount",
        "deal value": "amount",
        "currency": "currency",
        "owner": "owner",
        "deal owner": "owner",
        "sales rep": "owner",
        "salesperson": "owner",
        "owner email": "owner_email",
        "owner id": "owner_id",
        "team": "team",
        "sales team": "team",
        "product": "offering",
        "offering": "offering",
        "segment": "segment",
        "industry": "segment",
        "country": "country",
        "reason": "crm_reason",
        "loss reason": "crm_reason",
        "lost reason": "crm_reason",
        "notes": "note",
        "note": "note",
        "competitors": "competitors",
        "competitor": "competitors",
        "winner": "winner",
        "contacts": "contacts",
        "contact": "contact_name",
        "contact name": "contact_name",
        "contact email": "contact_email",
        "email": "contact_email",
        "contact title": "contact_title",
        "implementation starts on": "implementation_starts_on",
    },
)
# In the order in which they are tried.
KNOWN_EXPORTS: dict[str, KnownExport] = {
    export.key: export
    for export in (
        FIVETRAN_HUBSPOT,
        MAVEN,
        HUBSPOT,
        PIPEDRIVE,
        DYNAMICS,
        SALESFORCE,
    )
}
