"""Every formula against published values; ten deliberate faults, each of which turns at least one of them red."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from debriefs.insights import agreement, content, oracles, samples, statistics, tables
from debriefs.insights.statistics import Kappa
from tests.insights.published import ORACLES, WORKED


def red() -> set[str]:
    return {result.id for result in oracles.check({"oracles": ORACLES, "worked_fixture": WORKED}) if not result.ok}


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle["id"])
def test_a_published_value_is_reproduced(oracle):
    (result,) = oracles.check({"oracles": [oracle]})
    assert result.ok, (oracle["source"], result)


def test_the_worked_deals_give_the_figures_worked_by_hand():
    results = list(oracles.check({"worked_fixture": WORKED}))
    assert len(results) == len(WORKED["expected"])
    assert [result for result in results if not result.ok] == []


def test_every_method_is_held_by_a_published_value():
    assert {oracle["method"] for oracle in ORACLES} == set(oracles.METHODS)


def _wilson_without_the_centre(k: float, n: float, z: float = statistics.Z) -> tuple[float, float]:
    half = z * (k / n * (1 - k / n) / n) ** 0.5
    return max(0.0, k / n - half), min(1.0, k / n + half)


def _newcombe_with_limits_swapped(x1: int, n1: int, x2: int, n2: int, z: float = statistics.Z) -> tuple[float, float]:
    low1, high1 = statistics.wilson(x1, n1, z)
    low2, high2 = statistics.wilson(x2, n2, z)
    d = x1 / n1 - x2 / n2
    return d - ((x1 / n1 - low1) ** 2 + (x2 / n2 - low2) ** 2) ** 0.5, d + (
        (high1 - x1 / n1) ** 2 + (high2 - x2 / n2) ** 2
    ) ** 0.5


def _bonett_price_unadjusted(plus: int, minus: int, n: int, z: float = statistics.Z) -> tuple[float, float]:
    d = (plus - minus) / n
    half = z * (((plus + minus) / n - d * d) / n) ** 0.5
    return d - half, d + half


def _one_sided(real: Callable[..., float]) -> Callable[..., float]:
    return lambda *given: real(*given) / 2


def _unadjusted_p(p: Any) -> list[float]:
    return [value * len(p) / (place + 1) for place, value in enumerate(sorted(p))]


def _kappa_of_agreement_alone(table: Any) -> Kappa | None:
    found = real_kappa(table)
    return found and Kappa(found.agreement, found.expected, found.agreement, found.standard_error)


def _risk_after_the_event(times: Any, events: Any) -> list[samples.SurvivalStep]:
    return real_kaplan_meier([time if event else time - 0.5 for time, event in zip(times, events, strict=True)], events)


def _every_remark_counts(debriefs: Any) -> dict[Any, content.DriverCount]:
    said = [one for debrief in debriefs for one in debrief]
    total = sum(one.strength for one in said)
    return {
        driver: content.DriverCount(
            sum(one.driver == driver for one in said),
            sum(one.driver == driver and one.direction == "helped" for one in said),
            sum(one.driver == driver and one.direction == "hurt" for one in said),
            sum(one.strength for one in said if one.driver == driver) / total,
        )
        for driver in {one.driver for one in said}
    }


def _loss_to_anybody(deals: Any) -> dict[str, content.HeadToHead]:
    listed = list(deals)
    found = real_head_to_head(listed)
    return {
        rival: content.HeadToHead(row.met, row.won, row.lost_to_them + row.lost_to_other, 0)
        for rival, row in found.items()
    }


real_kappa = statistics.kappa
real_kaplan_meier = samples.kaplan_meier
real_head_to_head = content.head_to_head

FAULTS: list[tuple[Any, str, Any]] = [
    (statistics, "wilson", _wilson_without_the_centre),
    (statistics, "newcombe", _newcombe_with_limits_swapped),
    (statistics, "bonett_price", _bonett_price_unadjusted),
    (statistics, "mcnemar_exact", _one_sided(statistics.mcnemar_exact)),
    (tables, "benjamini_hochberg", _unadjusted_p),
    (statistics, "kappa", _kappa_of_agreement_alone),
    (samples, "kaplan_meier", _risk_after_the_event),
    (samples, "weighted_mean", samples.unweighted_mean),
    (content, "driver_counts", _every_remark_counts),
    (content, "head_to_head", _loss_to_anybody),
    (tables, "chi2_tail", lambda statistic, df: 1.0),
    (agreement, "krippendorff_alpha", lambda data, level="nominal": 1.0),
]


@pytest.mark.parametrize(("module", "name", "fault"), FAULTS, ids=[fault[1] for fault in FAULTS])
def test_a_deliberate_fault_turns_an_oracle_red(monkeypatch, module, name, fault):
    assert red() == set()
    monkeypatch.setattr(module, name, fault)
    assert red()


@pytest.fixture
def written(tmp_path) -> Iterator[Callable[[Any], str]]:
    def write(document: Any) -> str:
        path = tmp_path / "oracles.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        return str(path)

    return write


def test_the_command_prints_each_oracle_and_ends_well_only_when_all_hold(written, capsys):
    call_command("check_oracles", written({"oracles": ORACLES[:2], "worked_fixture": WORKED}))
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith(f"{ORACLES[0]['id']}  expected")
    assert said[-1] == f"{2 + len(WORKED['expected'])} of {2 + len(WORKED['expected'])} hold"
    wrong = ORACLES[0] | {"expected": {"low": 0.3, "high": 0.3662}}
    with pytest.raises(SystemExit) as ended:
        call_command("check_oracles", written({"oracles": [wrong, ORACLES[1]]}))
    assert ended.value.code == 1
    assert "NOT OK" in capsys.readouterr().out


@pytest.mark.parametrize(
    "broken",
    [
        {"id": "a", "method": "astrology", "input": {}, "expected": {"p": 1}, "tolerance": 1},
        {"id": "a", "method": "wilson", "input": {}, "expected": {"p": 1}, "tolerance": 1},
        {"id": "a", "method": "wilson", "input": {"successes": 1, "trials": 2}, "expected": {}, "tolerance": 1},
        {"id": "a"},
    ],
)
def test_an_oracle_that_cannot_be_computed_does_not_hold(written, capsys, broken):
    with pytest.raises(SystemExit):
        call_command("check_oracles", written({"oracles": [broken]}))
    assert "NOT OK" in capsys.readouterr().out


def test_nothing_to_check_is_no_success(written):
    with pytest.raises(SystemExit):
        call_command("check_oracles", written({"oracles": []}))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"oracles": 3}', '{"oracles": [3]}'])
def test_a_file_of_another_format_is_refused_in_a_sentence(written, text):
    with pytest.raises(CommandError):
        call_command("check_oracles", written(text))


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("check_oracles", str(tmp_path / "none.json"))
