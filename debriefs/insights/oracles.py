"""Published values put beside what the formulas of this room give.

An oracle is a method by name, its input, the expected figures and an absolute tolerance. `check` never raises for an oracle it
cannot compute; it says so in the result.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from debriefs.insights import agreement, content, samples, statistics, tables, value_rates

Figures = dict[str, Any]


@dataclass(frozen=True)
class Checked:
    """One oracle: what was expected, what came out, whether they agree, and in words what went wrong otherwise."""

    id: str
    expected: Any
    got: Any
    ok: bool
    problem: str = ""


def _z(i: Figures) -> float:
    return statistics.z_of(i.get("confidence", 0.95))


def _interval(bounds: tuple[float, float]) -> Figures:
    return dict(zip(("low", "high"), bounds, strict=True))


def _test(test: tables.Test) -> Figures:
    return {"statistic": test.statistic, "p": test.p}


def _newcombe(i: Figures) -> Figures:
    bounds = statistics.newcombe(i["x1"], i["n1"], i["x2"], i["n2"], _z(i))
    return {"diff": i["x1"] / i["n1"] - i["x2"] / i["n2"]} | _interval(bounds)


def _paired(i: Figures) -> Figures:
    bounds = statistics.bonett_price(i["plus"], i["minus"], i["n"], _z(i))
    return {"diff": (i["plus"] - i["minus"]) / (i["n"] + 2)} | _interval(bounds)


def _net(i: Figures) -> Figures:
    centre, low, high = statistics.net_adjusted_wald(i["helped"], i["hurt"], i["n"], _z(i))
    return {"net_adjusted": centre, "low": low, "high": high}


def _kappa(found: statistics.Kappa | None) -> Figures:
    if found is None:
        return {}
    low, high = found.interval
    return {
        "po": found.agreement,
        "pe": found.expected,
        "kappa": found.value,
        "se": found.standard_error,
        "ci_low": low,
        "ci_high": high,
    }


def _mcnemar(i: Figures) -> Figures:
    table = i["table"]
    return _test(tables.mcnemar(table[0][1], table[1][0], correction=i["correction"]))


def _mantel_haenszel(i: Figures) -> Figures:
    found = tables.mantel_haenszel(i["strata_rows_exposed_unexposed_cols_yes_no"], i.get("confidence", 0.95))
    if found is None:
        return {}
    return {
        "odds_ratio": found.odds_ratio,
        "ci_low": found.low,
        "ci_high": found.high,
        "chi2_cc": found.corrected.statistic,
        "p_cc": found.corrected.p,
        "chi2": found.plain.statistic,
        "p": found.plain.p,
    }


def _benjamini_hochberg(i: Figures) -> Figures:
    adjusted = tables.benjamini_hochberg(i["p"])
    return {"rejected": sum(p <= i["q"] for p in adjusted), "adjusted": adjusted}


def _kaplan_meier(i: Figures) -> Figures:
    steps = samples.kaplan_meier(i["times"], i["events"])
    return {
        "event_times": [step.time for step in steps],
        "survival": [step.survival for step in steps],
        "greenwood_se": [step.error for step in steps],
        "median": samples.median_survival(steps),
    }


def _weighted_total(i: Figures) -> Figures:
    strata = [samples.Stratum(s["n"], s["successes"] / s["n"], s["population"]) for s in i["strata"]]
    population = sum(s.population for s in strata)
    return {
        "unweighted_total": samples.unweighted_mean(strata) * population,
        "weighted_total": samples.weighted_mean(strata) * population,
    }


def _weighted_mean(i: Figures) -> Figures:
    strata = [samples.Stratum(s["n"], s["mean"], s["population_share"]) for s in i["strata"]]
    return {"unweighted": samples.unweighted_mean(strata), "weighted": samples.weighted_mean(strata)}


def _stratified(i: Figures) -> Figures:
    strata = [
        samples.Stratum(n, share / 100, population)
        for population, n, share in zip(i["population"], i["returned"], i["percent"], strict=True)
    ]
    return {
        "percent": samples.weighted_mean(strata) * 100,
        "se": samples.stratified_error(strata),
        "unweighted_percent": samples.unweighted_mean(strata) * 100,
    }


def _post_stratified(i: Figures) -> Figures:
    found = samples.post_stratify(
        [samples.Stratum(s["n"], s["successes"] / s["n"], s["population"]) for s in i["strata"]]
    )
    return {"unweighted": found.unweighted, "weighted": found.weighted, "kish_n_eff": found.n_eff} if found else {}


def _win_rate(i: Figures) -> Figures:
    closed = statistics.Share(i["won"], i["won"] + i["lost"] + i["no_decision"])
    low, high = closed.interval
    return {
        "competitive": statistics.Share(i["won"], i["won"] + i["lost"]).value,
        "all_closed": closed.value,
        "all_closed_low": low,
        "all_closed_high": high,
    }


def _win_rate_value(i: Figures) -> Figures:
    won, lost = i["won_amounts"], i["lost_amounts"]
    return {"unit": statistics.Share(len(won), len(won + lost)).value, "value": value_rates.value_rate(won, lost)}


def _quartiles(i: Figures) -> Figures:
    return {name: samples.quantile(i["values"], q) for name, q in (("q25", 0.25), ("q50", 0.5), ("q75", 0.75))}


METHODS: dict[str, Callable[[Figures], Figures]] = {
    "wilson": lambda i: _interval(statistics.wilson(i["successes"], i["trials"], _z(i))),
    "wilson_effective": lambda i: _interval(statistics.wilson(i["p"] * i["n_eff"], i["n_eff"], _z(i))),
    "clopper_pearson": lambda i: _interval(tables.clopper_pearson(i["successes"], i["trials"], i["confidence"])),
    "newcombe_difference": _newcombe,
    "paired_adjusted_wald": _paired,
    "net_score_adjusted_wald": _net,
    "fisher_exact": lambda i: {"p": tables.fisher_exact(i["table"], i["alternative"])},
    "mcnemar": _mcnemar,
    "mcnemar_exact": lambda i: {"p": statistics.mcnemar_exact(i["b"], i["c"])},
    "cochran_armitage_trend": lambda i: _test(tables.cochran_armitage(i["successes"], i["trials"])),
    "chi2_homogeneity": lambda i: _test(tables.homogeneity(i["successes"], i["trials"])),
    "mantel_haenszel": _mantel_haenszel,
    "crude_odds_ratio": lambda i: {"odds_ratio": tables.odds_ratio(i["table"])},
    "benjamini_hochberg": _benjamini_hochberg,
    "cohen_kappa": lambda i: _kappa(statistics.kappa(i["table"])),
    "cohen_kappa_linear_weights": lambda i: _kappa(
        agreement.kappa_weighted(i["table"], agreement.linear_weights(len(i["table"])))
    ),
    "cohen_kappa_disagreement_weights": lambda i: _kappa(
        agreement.kappa_of_disagreement(i["table"], i["disagreement_weights"])
    ),
    "gwet_ac1_2x2": lambda i: {"ac1": agreement.gwet_ac1(i["table"]), "pabak": agreement.pabak(i["table"])},
    "krippendorff_alpha": lambda i: {"alpha": agreement.krippendorff_alpha(i["data"], i["level"])},
    "kaplan_meier": _kaplan_meier,
    "log_rank": lambda i: {"statistic": samples.log_rank(i["times_a"], i["events_a"], i["times_b"], i["events_b"])},
    "post_stratified_mean": _weighted_mean,
    "post_stratified_total": _weighted_total,
    "stratified_proportion": _stratified,
    "post_stratified_proportion": _post_stratified,
    "kish_effective_n": lambda i: {"n_eff": samples.effective_n(i["weights"])},
    "win_rate": _win_rate,
    "win_rate_value": _win_rate_value,
    "chance_at_least_once": lambda i: {"p": samples.chance_seen(i["prevalence"], i["interviews"])},
    "anhoej_run_rules": lambda i: dict(
        zip(("longest_run_max", "crossings_min"), samples.run_limits(i["n_useful"]), strict=True)
    ),
    "nchs_proportion_display": lambda i: {"display": tables.nchs_shows(i["successes"], i["n"])},
    "percentile_cont": _quartiles,
}


def agrees(expected: Any, got: Any, tolerance: float) -> bool:
    """Whether every expected figure came out within the tolerance; figures that nobody expected do not matter."""
    if isinstance(expected, dict):
        return isinstance(got, dict) and all(
            name in got and agrees(value, got[name], tolerance) for name, value in expected.items()
        )
    if isinstance(expected, list):
        return (
            isinstance(got, list)
            and len(got) == len(expected)
            and all(agrees(e, g, tolerance) for e, g in zip(expected, got, strict=True))
        )
    if isinstance(expected, bool) or isinstance(got, bool) or not isinstance(expected, int | float):
        return bool(expected is got or expected == got)
    # A tolerance of 0 still allows for the last bit of a float.
    return isinstance(got, int | float) and abs(expected - got) <= max(tolerance, 1e-12)


def _wanted(expected: Any, got: Any) -> Any:
    return {name: got.get(name) for name in expected} if isinstance(expected, dict) and isinstance(got, dict) else got


def _check_one(oracle: dict[str, Any]) -> Checked:
    name, expected = str(oracle.get("id", "?")), oracle.get("expected")
    method = METHODS.get(str(oracle.get("method", "")))
    if method is None:
        return Checked(name, expected, None, False, f"unknown method {oracle.get('method')!r}")
    try:
        got = _wanted(expected, method(oracle["input"]))
        tolerance = float(oracle["tolerance"])
        return Checked(name, expected, got, bool(expected) and agrees(expected, got, tolerance))
    except (ArithmeticError, KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        return Checked(name, expected, None, False, f"cannot be computed: {type(error).__name__} {error}")


def fixture_figures(deals: list[dict[str, Any]]) -> Figures:
    """The figures of a worked set of deals (outcome, competitors, lost_to, crm_reason, buyer_reason, findings)."""
    drivers = content.driver_counts([[content.Said(*finding) for finding in deal["findings"]] for deal in deals])
    rivals = content.head_to_head(
        content.Met(deal["outcome"], frozenset(deal["competitors"]), deal["lost_to"]) for deal in deals
    )
    pairs = [(deal["crm_reason"], deal["buyer_reason"]) for deal in deals]
    kappa = statistics.kappa(content.matrix(pairs)[1])
    price = content.over_citation(pairs).get("price", content.Cited(0, 0, 0, 0, len(pairs)))
    any_match = sum(deal["crm_reason"] in {finding[0] for finding in deal["findings"]} for deal in deals)
    won, lost = (sum(deal["outcome"] == outcome for deal in deals) for outcome in ("won", "lost"))
    agree = sum(own == buyer for own, buyer in pairs)
    return {
        "n": len(deals),
        "win_rate_competitive": statistics.Share(won, won + lost).value,
        "win_rate_all_closed": statistics.Share(won, len(deals)).value,
        "driver_mentions": {key: count.named for key, count in drivers.items()},
        "driver_helped": {key: count.helped for key, count in drivers.items()},
        "driver_hurt": {key: count.hurt for key, count in drivers.items()},
        "driver_net": {
            key: statistics.Net(count.helped, count.hurt, len(deals)).value for key, count in drivers.items()
        },
        "driver_influence_share": {key: count.influence for key, count in drivers.items()},
        "head_to_head": {
            key: {
                "met": row.met,
                "won": row.won,
                "lost_to_them": row.lost_to_them,
                "lost_to_other": row.lost_to_other,
                "win_rate_decided": statistics.Share(row.won, row.decided).value,
                "win_rate_present": statistics.Share(row.won, row.met).value,
            }
            for key, row in rivals.items()
        },
        "crm_buyer": {
            "agree": agree,
            "agreement": statistics.Share(agree, len(pairs)).value,
            "expected_agreement": kappa.expected if kappa else None,
            "kappa": kappa.value if kappa else None,
            "any_match": any_match,
            "any_match_rate": statistics.Share(any_match, len(pairs)).value,
        },
        "crm_price_overcited": {
            "crm": price.ours,
            "buyer": price.theirs,
            "crm_only": price.ours_only,
            "buyer_only": price.theirs_only,
            "difference": price.difference,
            "mcnemar_exact_p": statistics.mcnemar_exact(price.ours_only, price.theirs_only),
        },
    }


def check(document: dict[str, Any]) -> Iterator[Checked]:
    """Each oracle of a document in order, then the figures of its worked fixture, to ten decimals."""
    for oracle in document.get("oracles", []):
        yield _check_one(oracle)
    fixture = document.get("worked_fixture")
    if fixture:
        try:
            got = fixture_figures(fixture["deals"])
        except (ArithmeticError, KeyError, TypeError, ValueError, AttributeError) as error:
            problem = f"cannot be computed: {type(error).__name__} {error}"
            yield Checked("worked_fixture", fixture.get("expected"), None, False, problem)
            return
        for name, expected in fixture["expected"].items():
            ok = agrees(expected, got.get(name), 1e-9)
            yield Checked(f"worked_fixture.{name}", expected, got.get(name), ok)
