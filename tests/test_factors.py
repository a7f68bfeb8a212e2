"""Design choices: cards, means by level, the regression on data size, effective robustness, and least squares."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import expit, logit

from objectpose.analysis.factors import (
    CARD_COLUMNS,
    FACTOR_COLUMNS,
    augmentation_kind,
    by_factor,
    factor_table,
    loss_kind,
)
from objectpose.analysis.least_squares import FEWEST_FAMILIES, least_squares
from objectpose.analysis.robustness import (
    FEWEST_NETWORKS,
    drop_regression,
    effective_robustness,
    robustness_line,
)
from objectpose.errors import ObjectPoseError
from objectpose.models.zoo import zoo

FAMILIES = {"ImageNet-1k": 1281167, "ImageNet-21k": 14197122, "WIT-400M": 400000000, "JFT-300M": 300000000,
            "LAION-2B": 2320000000, "WebLI": 10000000000}  # fmt: skip


def cards(networks, families=tuple(FAMILIES)):
    names = [families[i % len(families)] for i in range(networks)]
    return pd.DataFrame(
        {
            "model": [f"n{i:02d}" for i in range(networks)],
            "data_family": names,
            "data_images": [FAMILIES[name] for name in names],
            "loss": ["supervised" if i % 3 else "contrastive image-text" for i in range(networks)],
            "architecture": ["transformer" if i % 2 else "convolution" for i in range(networks)],
            "modality": ["image" if i % 3 else "image-text" for i in range(networks)],
            "augmentation": ["none" if i % 4 else "RandAugment, Mixup" for i in range(networks)],
            "parameters_m": np.linspace(5, 900, networks),
        }
    )


def summary(networks, drop=None, seed=0):
    rng = np.random.default_rng(seed)
    upright = rng.uniform(70, 95, networks)
    drop = rng.uniform(10, 40, networks) if drop is None else drop(upright)
    table = pd.DataFrame(
        {
            "dataset": "quick",
            "model": [f"n{i:02d}" for i in range(networks)],
            "preprocess": "own",
            "condition": "so3",
            "background": "all",
            "n_images": 1008,
            "n_objects": 84,
            "n_classes": 84,
            "top1": upright - drop,
            "drop_pp": drop,
            "relative_drop": 100 * drop / upright,
        }
    )
    baseline = table.assign(condition="upright", top1=upright, drop_pp=np.nan, relative_drop=np.nan)
    return pd.concat([baseline, table, table.assign(background="a", drop_pp=1.0)], ignore_index=True)


def random_design(seed, rows=30):
    rng = np.random.default_rng(seed)
    design = np.column_stack([np.ones(rows), rng.normal(0, 1, rows), rng.uniform(60, 90, rows)])
    return design, design @ [1.0, 2.0, 0.1] + rng.normal(0, 1, rows) * (1 + np.abs(design[:, 1]))


@given(st.integers(0, 2**31))
@settings(max_examples=20, deadline=None)
def test_hc3_is_statsmodels(seed):
    design, outcome = random_design(seed)
    found = least_squares(design, outcome)
    oracle = sm.OLS(outcome, design).fit(cov_type="HC3", use_t=True)
    assert found.coefficients == pytest.approx(oracle.params)
    assert found.covariance == pytest.approx(oracle.cov_params(), rel=1e-6)
    assert np.stack(found.limits(), axis=1) == pytest.approx(oracle.conf_int(), rel=1e-6)
    assert found.p_values() == pytest.approx(oracle.pvalues, abs=1e-9)
    assert found.r2 == pytest.approx(oracle.rsquared)
    assert found.method == "HC3"


@given(st.integers(0, 2**31))
@settings(max_examples=15, deadline=None)
def test_cluster_jackknife_is_refitting_without_each_family(seed):
    design, outcome = random_design(seed)
    families = [f"f{i % 7}" for i in range(30)]
    found = least_squares(design, outcome, families)
    member = np.array(families)
    whole = sm.OLS(outcome, design).fit().params
    moved = [sm.OLS(outcome[member != f], design[member != f]).fit().params - whole for f in sorted(set(families))]
    assert found.covariance == pytest.approx(6 / 7 * sum(np.outer(m, m) for m in moved), rel=1e-6, abs=1e-12)
    half = stats.t.ppf(0.975, 6) * np.sqrt(np.diag(found.covariance))
    assert found.limits()[1] - found.coefficients == pytest.approx(half)
    assert found.method == "cluster jackknife over 7 families"


def test_families_of_one_are_hc3():
    design, outcome = random_design(3)
    single = least_squares(design, outcome, list(range(30)))
    assert single.covariance == pytest.approx(29 / 30 * least_squares(design, outcome).covariance)


def test_few_families_are_not_allowed_for_and_it_says_so():
    design, outcome = random_design(3)
    families = [f"f{i % (FEWEST_FAMILIES - 1)}" for i in range(30)]
    found = least_squares(design, outcome, families)
    assert found.covariance == pytest.approx(least_squares(design, outcome).covariance)
    assert found.method == "HC3; 4 families are too few to allow for"
    lone = np.where(np.arange(30) == 7, 1.0, 0.0)
    with pytest.raises(ObjectPoseError, match="One row alone"):
        least_squares(np.column_stack([design, lone]), outcome)
    with pytest.raises(ObjectPoseError, match="depend on each other"):
        least_squares(np.column_stack([design, design[:, 1] * 2]), outcome)
    with pytest.raises(ObjectPoseError, match="more rows"):
        least_squares(design[:3], outcome[:3])


def test_factor_table_joins_cards_and_keeps_networks_without_one():
    table = factor_table(summary(12), cards(11))
    assert len(table) == 12
    assert set(table["condition"]) == {"so3"}
    first = table.iloc[0]
    assert first["upright_top1"] == pytest.approx(first["turned_top1"] + first["drop_pp"])
    assert first["log10_data"] == pytest.approx(np.log10(1281167))
    assert (first["data size"], first["parameters"]) == ("under 2 million", "under 30 million")
    assert (first["loss kind"], first["augmentation kind"]) == ("image-text", "mixing of images")
    last = table.iloc[11]
    assert pd.isna(last["log10_data"])
    assert pd.isna(last["loss kind"])
    assert by_factor(table).groupby("factor")["n_networks"].sum().eq(11).all()


def test_bad_cards_are_a_sentence():
    with pytest.raises(ObjectPoseError, match="lack the column loss"):
        factor_table(summary(3), cards(3).drop(columns="loss"))
    with pytest.raises(ObjectPoseError, match="'n00' has two cards"):
        factor_table(summary(3), pd.concat([cards(3), cards(1)]))
    with pytest.raises(ObjectPoseError, match="no drop"):
        factor_table(summary(3).query("condition == 'upright'"), cards(3))


def test_levels_by_hand():
    table = factor_table(summary(7), cards(7))
    found = by_factor(table)
    assert tuple(found.columns) == FACTOR_COLUMNS
    row = found[(found["factor"] == "architecture") & (found["level"] == "convolution")].iloc[0]
    values = table.loc[table["architecture"] == "convolution", "drop_pp"]
    low, high = stats.t.interval(0.95, 3, loc=values.mean(), scale=stats.sem(values))
    assert row[["n_networks", "drop_pp", "drop_lo", "drop_hi"]].tolist() == pytest.approx([4, values.mean(), low, high])
    sizes = found.loc[found["factor"] == "data size", "level"].tolist()
    assert sizes == ["under 2 million", "2 to 50 million", "50 million to 1 billion", "1 billion and more"]
    lone = found[(found["factor"] == "data") & (found["level"] == "WebLI")].iloc[0]
    assert (lone["n_networks"], lone["note"]) == (1, "too few networks for an interval (1)")
    assert np.isnan(lone["drop_lo"])
    two = found[(found["factor"] == "data") & (found["level"] == "ImageNet-1k")].iloc[0]
    assert two["n_networks"] == 2
    assert np.isnan(two["drop_hi"])
    assert by_factor(factor_table(summary(3), cards(0))).empty


def test_kinds_cover_the_zoo():
    specs = [spec for spec in zoo().values() if spec.card]
    losses = {loss_kind(spec.card.loss) for spec in specs}
    assert losses == {"supervised", "self-supervised", "image-text", "weakly or semi-supervised"}
    kinds = {augmentation_kind(spec.card.augmentation) for spec in specs}
    assert kinds == {"none", "not stated", "mixing of images", "augmentation policy", "colour and blur"}


def test_regression_finds_what_was_put_in():
    chosen = cards(48)
    size = np.log10(chosen["data_images"].to_numpy(float))
    rng = np.random.default_rng(4)
    made = summary(48, lambda upright: 100 - 6 * size - 0.3 * upright + rng.normal(0, 0.5, 48))
    found = drop_regression(factor_table(made, chosen)).set_index("term")
    assert found.loc["log10_data", "coefficient"] == pytest.approx(-6, abs=0.5)
    assert found.loc["log10_data", "low"] < -6 < found.loc["log10_data", "high"]
    assert found.loc["upright_top1", "low"] < -0.3 < found.loc["upright_top1", "high"]
    assert set(found["intervals"]) == {"cluster jackknife over 6 families"}
    assert set(found["note"]) == {""}
    assert set(found["n_families"]) == {6}
    assert (found["r2"] > 0.95).all()


def test_too_few_networks_are_said_instead_of_a_number():
    table = factor_table(summary(3), cards(3))
    for found in (drop_regression(table), robustness_line(table)):
        assert set(found["note"]) == {"too few networks (3; expected at least 10)"}
        assert found.select_dtypes(float).isna().all(axis=None)
    effective = effective_robustness(table, robustness_line(table))
    assert effective[["expected_top1", "effective_pp", "effective_logit"]].isna().all(axis=None)
    assert drop_regression(factor_table(summary(9), cards(9)))["coefficient"].isna().all()
    assert drop_regression(factor_table(summary(10), cards(10)))["coefficient"].notna().all()
    assert FEWEST_NETWORKS == 10
    alike = drop_regression(factor_table(summary(20), cards(20, ("ImageNet-1k", "WIT-400M"))))
    assert set(alike["note"]) == {"too few amounts of training data (2; expected at least 3)"}
    without = drop_regression(factor_table(summary(20), cards(12)))
    assert set(without["n_without_card"]) == {8}
    assert set(without["n_networks"]) == {12}


def test_effective_robustness_is_the_distance_from_the_line():
    chosen = cards(24)

    def drop(upright):
        turned = 100 * expit(-1.5 + 0.8 * logit(upright / 100))
        turned[5] += 10
        return upright - turned

    table = factor_table(summary(24, drop), chosen)
    line = robustness_line(table)
    assert line["slope"].item() == pytest.approx(0.8, abs=0.1)
    assert line["slope_lo"].item() < line["slope"].item() < line["slope_hi"].item()
    found = effective_robustness(table, line)
    assert found["effective_pp"].idxmax() == 5
    assert found["effective_logit"].idxmax() == 5
    assert found.loc[5, "effective_pp"] == pytest.approx(10, abs=2)
    assert found["effective_logit"].mean() == pytest.approx(0, abs=1e-9)
    share = table["upright_top1"] / 100
    curve = 100 * expit(line["intercept"].item() + line["slope"].item() * logit(share))
    assert found["expected_top1"].to_numpy() == pytest.approx(curve.to_numpy(), abs=0.3)
    with pytest.raises(ObjectPoseError, match="no line for the condition 'so3'"):
        effective_robustness(table, line.assign(condition="tilt"))


def test_all_right_and_all_wrong_have_a_logit():
    table = factor_table(summary(12, lambda upright: upright), cards(12))
    table.loc[3, ["upright_top1", "turned_top1"]] = 100.0
    found = effective_robustness(table, robustness_line(table))
    assert np.isfinite(found["effective_pp"]).all()


def test_card_columns_are_those_of_the_zoo():
    assert {"loss", "architecture", "modality", "augmentation", "parameters_m", "data_images"} < set(CARD_COLUMNS)
    card = next(spec.card for spec in zoo().values() if spec.card)
    for name in ("loss", "architecture", "modality", "augmentation", "parameters_m", "data_images"):
        assert hasattr(card, name)


def test_a_coefficient_of_0_without_spread_has_no_p():
    design = np.column_stack([np.ones(12), np.arange(12.0)])
    assert np.isnan(least_squares(design, np.zeros(12)).p_values()).all()
