"""Columns are proposed for exports in any of the languages that people export in."""

import pytest

from debriefs.deals.known_exports import KNOWN_EXPORTS, OTHER
from debriefs.deals.mapping import FIELDS, outcome_of, propose
from debriefs.deals.survey import ColumnSurvey, Survey
from debriefs.deals.translated_headers import DYNAMICS, HUBSPOT, IN_ENGLISH, SALESFORCE, plain
from debriefs.deals.translated_headers import OTHER as OTHER_WORDS


def proposed(*headers: str) -> tuple[str, dict[str, str]]:
    """(source, header by fact)."""
    mapping = propose(list(headers), Survey(columns=[ColumnSurvey() for _header in headers]))
    return mapping.source, {field: header for header, field in zip(headers, mapping.fields, strict=True) if field}


@pytest.mark.parametrize(
    "headers",
    [
        ("ID", "Title", "Organization", "Status", "Won time", "Value", "Currency of Value", "Owner", "Lost reason"),
        (
            "ID",
            "Titel",
            "Organisation",
            "Status",
            "Datum des gewonnenen Deals",
            "Wert",
            "Währung von Wert",
            "Besitzer",
            "Verlustgrund",
        ),
    ],
)
def test_pipedrive_in_english_and_german(headers):
    source, found = proposed(*(f"Deal - {name}" for name in headers), "Person - Name", "Person - E-Mail")
    assert source == "pipedrive"
    facts = ("external_id", "name", "company", "stage", "closed_on", "amount", "currency", "owner", "crm_reason")
    assert [found[fact] for fact in facts] == [f"Deal - {name}" for name in headers]
    assert found["contact_name"] == "Person - Name"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            [
                "Negócio - ID",
                "Negócio - Título",
                "Negócio - Valor",
                "Negócio - Status",
                "Negócio - Ganho em",
                "Negócio - Motivo da perda",
                "Negócio - Proprietário",
                "Organização - Nome",
                "Pessoa - E-mail - Trabalho",
            ],
            ["external_id", "name", "amount", "stage", "closed_on", "crm_reason", "owner", "company", "contact_email"],
        ),
        (
            [
                "Affaire - ID",
                "Affaire - Titre",
                "Affaire - Valeur",
                "Affaire - Statut",
                "Affaire - Raison de la perte",
                "Affaire - Propriétaire",
                "Affaire - Organisation",
                "Affaire - Personne à contacter",
            ],
            ["external_id", "name", "amount", "stage", "crm_reason", "owner", "company", "contact_name"],
        ),
        (
            [
                "Negocio - ID",
                "Negocio - Título",
                "Negocio - Propietario",
                "Negocio - Fecha de ganado",
                "Negocio - Estado",
                "Negocio - Valor",
                "Organización - Nombre",
            ],
            ["external_id", "name", "owner", "closed_on", "stage", "amount", "company"],
        ),
    ],
)
def test_pipedrive_in_other_languages(headers, expected):
    source, found = proposed(*headers)
    assert source == "pipedrive"
    assert [found[fact] for fact in expected] == headers


@pytest.mark.parametrize(
    ("source", "headers", "expected"),
    [
        (
            "salesforce",
            ["Opportunity-Name", "Accountname", "Phase", "Schlusstermin", "Betrag", "Opportunity-Inhaber"],
            ["name", "company", "stage", "closed_on", "amount", "owner"],
        ),
        (
            "salesforce",
            ["Nom de l’opportunité", "Nom du compte", "Étape", "Date de clôture", "Montant"],
            ["name", "company", "stage", "closed_on", "amount"],
        ),
        (
            "hubspot",
            ["Datensatz-ID", "Deal-Name", "Deal-Phase", "Betrag", "Abschlussdatum"],
            ["external_id", "name", "stage", "amount", "closed_on"],
        ),
        (
            "hubspot",
            ["ID do registro", "Nome do negócio", "Etapa do negócio", "Valor", "Data de fechamento"],
            ["external_id", "name", "stage", "amount", "closed_on"],
        ),
        (
            "hubspot",
            ["hs_object_id", "dealname", "dealstage", "amount", "closedate", "hubspot_owner_id", "closed_lost_reason"],
            ["external_id", "name", "stage", "amount", "closed_on", "owner_id", "crm_reason"],
        ),
        (
            "dynamics",
            ["Thema", "Potenzieller Kunde", "Statusgrund", "Tatsächliches Abschlussdatum", "Tatsächlicher Umsatz"],
            ["name", "company", "stage", "closed_on", "amount"],
        ),
        ("file", ["Firma", "Projekt", "Ergebnis", "Entscheidungsdatum"], ["company", "name", "stage", "closed_on"]),
    ],
)
def test_translated_headers_of_other_exports(source, headers, expected):
    found_source, found = proposed(*headers)
    assert found_source == source
    assert [found.get(fact) for fact in expected] == headers


@pytest.mark.parametrize(
    ("stage", "outcome"),
    [
        ("Gewonnen", "won"),
        ("Abgeschlossen (gewonnen)", "won"),
        ("Gagné", "won"),
        ("Ganho", "won"),
        ("Cierre ganado", "won"),
        ("Verloren", "lost"),
        ("Perdu", "lost"),
        ("PERDIDO", "lost"),
        ("Closed Lost (Sales Pipeline)", "lost"),
        ("closedwon", "won"),
        ("closedwon (Sales)", "won"),
        ("Proposal (Lost deals pipeline)", "open"),
        ("Wonderful", "open"),
        ("Offen", "open"),
        ("Aberto", "open"),
        ("", "open"),
    ],
)
def test_stages_in_other_languages(stage, outcome):
    assert outcome_of(stage) == outcome


def test_every_translation_leads_to_a_fact_and_to_one_only():
    exports = KNOWN_EXPORTS | {"other": OTHER}
    for key, table in (
        ("salesforce", SALESFORCE),
        ("hubspot", HUBSPOT),
        ("dynamics", DYNAMICS),
        ("other", OTHER_WORDS),
    ):
        known = exports[key].headers | exports[key].second_choice
        translations = [translated for all_of in table.values() for translated in all_of]
        assert set(table) <= set(known), key
        assert len(translations) == len(set(translations)), key
        assert not set(translations) & set(known), key
        assert all(plain(translated) == translated for translated in translations), key
    assert set(KNOWN_EXPORTS["pipedrive"].headers) & set(IN_ENGLISH["pipedrive"].values())
    assert all(fact in FIELDS for export in exports.values() for fact in export.headers.values())
