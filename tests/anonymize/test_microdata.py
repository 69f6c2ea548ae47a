"""The guard over records: published examples, and brute force that shares nothing with the package."""

import math
import random
from collections import Counter, defaultdict

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

import anonymize as an
from anonymize.microdata import KAnonymity, KMap, LDiversity, TCloseness, check_microdata
from anonymize.microdata.population import individual_risk

# Machanavajjhala et al. 2007, figures 1 to 3: the same 12 patients, 4-anonymous and 3-diverse.
HEART, VIRAL, CANCER = "heart", "viral", "cancer"
PLAIN = [HEART, HEART, VIRAL, VIRAL, CANCER, HEART, VIRAL, VIRAL, *[CANCER] * 4]
ANONYMOUS = pl.DataFrame({"q": ["a"] * 4 + ["b"] * 4 + ["c"] * 4, "s": PLAIN})
DIVERSE = pl.DataFrame({"q": list("accabbbbaacc"), "s": PLAIN})

# Li, Li and Venkatasubramanian 2007, tables 3 and 5, figure 1.
SALARY = [3, 4, 5, 6, 11, 8, 7, 9, 10]
DISEASE = [
    "ulcer",
    "gastritis",
    "stomach cancer",
    "gastritis",
    "flu",
    "bronchitis",
    "bronchitis",
    "pneumonia",
]
DISEASE.append("stomach cancer")
ILL = {
    **dict.fromkeys(["flu", "pneumonia", "bronchitis"], "infection"),
    **dict.fromkeys(["oedema", "embolism"], "vascular"),
    **dict.fromkeys(["ulcer", "stomach cancer", "gastritis"], "stomach"),
    **dict.fromkeys(["colitis", "colon cancer"], "colon"),
    **dict.fromkeys(["infection", "vascular"], "respiratory"),
    **dict.fromkeys(["stomach", "colon"], "digestive"),
    **dict.fromkeys(["respiratory", "digestive"], "any"),
}


def reached(frame, check, **more):
    return check_microdata(frame, [check], **more).results[0].reached


def test_the_four_anonymous_patients():
    verdict = check_microdata(
        ANONYMOUS,
        [
            KAnonymity(k=4, quasi_identifiers=["q"]),
            KAnonymity(k=5, quasi_identifiers=["q"]),
            LDiversity(l=2, quasi_identifiers=["q"], sensitive="s"),
        ],
    )
    assert [r.failing_records for r in verdict.results] == [0, 12, 4]
    assert [r.reason for r in verdict.refusals] == ["k_anonymity", "l_diversity"]
    assert not verdict.ok


def test_the_three_diverse_patients():
    three = LDiversity(l=3, quasi_identifiers=["q"], sensitive="s")
    entropy = LDiversity(l=2.8, kind="entropy", quasi_identifiers=["q"], sensitive="s")
    assert check_microdata(DIVERSE, [three, entropy]).ok
    # Shares 1/4, 1/4, 1/2 in every class: exp(entropy) = 2 sqrt 2.
    assert reached(DIVERSE, entropy) == pytest.approx(2 * math.sqrt(2))
    assert not check_microdata(DIVERSE, [entropy.model_copy(update={"l": 2.83})]).ok


def test_recursive_diversity_is_strict():
    rows = ["x"] * 4 + ["y"] * 2 + ["z"] * 2  # r1 = 4, r2 + r3 = 4, r3 = 2
    frame = pl.DataFrame({"q": ["a"] * 8, "s": rows})
    for least, c, ok in [(2, 1.0, False), (2, 1.01, True), (3, 2.0, False), (3, 2.1, True), (4, 99.0, False)]:
        check = LDiversity(l=least, c=c, kind="recursive", quasi_identifiers=["q"], sensitive="s")
        assert check_microdata(frame, [check]).ok == ok


def salaries(groups):
    return pl.DataFrame({"zip": groups, "salary": SALARY, "disease": DISEASE})


def test_salaries_of_the_closeness_paper():
    check = TCloseness(t=0.2, distance="ordered", quasi_identifiers=["zip"], sensitive="salary")
    assert reached(salaries(list("aaabbbccc")), check) == pytest.approx(0.375)
    published = salaries(list("acabbbcac"))
    assert reached(published, check) == pytest.approx(1 / 6)  # "0.167-closeness w.r.t. Salary"
    illness = TCloseness(
        t=0.3, distance="hierarchical", parents=ILL, quasi_identifiers=["zip"], sensitive="disease"
    )
    # The paper prints 0.278 here; its own formula gives, for the second class, (1/9 + 1/9) / 3 + 2/9 = 8/27.
    assert reached(published, illness) == pytest.approx(8 / 27)
    assert check_microdata(published, [check, illness]).ok


def transport(p, q, cost):
    """The earth mover's distance by its definition: a transport problem."""
    m = len(p)
    rows = [[float(i // m == r) for i in range(m * m)] for r in range(m)]
    columns = [[float(i % m == c) for i in range(m * m)] for c in range(m)]
    return linprog(np.ravel(cost), A_eq=rows + columns, b_eq=[*p, *q]).fun


def height(a, b):
    """The height of the lowest common ancestor in ILL, over 3."""

    def path(x):
        return [x, *path(ILL[x])] if x in ILL else [x]

    return next(i for i, node in enumerate(path(a)) if node in path(b)) / 3


LEAVES = [code for code in ILL if code not in ILL.values()]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(LEAVES)), min_size=1, max_size=12))
def test_distances_are_transport_costs(rows):
    frame = pl.DataFrame(rows, schema=["q", "s"], orient="row")
    values = sorted({s for _, s in rows}, key=LEAVES.index)
    m = len(values)
    steps = {
        "equal": [[float(a != b) for a in values] for b in values],
        "ordered": [[abs(a - b) / max(m - 1, 1) for a in range(m)] for b in range(m)],
        "hierarchical": [[height(a, b) for a in values] for b in values],
    }
    more = {"equal": {}, "ordered": {"order": LEAVES}, "hierarchical": {"parents": ILL}}
    share = {q: Counter(s for r, s in rows if r == q) for q in {q for q, _ in rows}}
    whole = [sum(s == v for _, s in rows) / len(rows) for v in values]
    for distance, cost in steps.items():
        worst = max(transport([c[v] / c.total() for v in values], whole, cost) for c in share.values())
        check = TCloseness(t=0.5, distance=distance, quasi_identifiers=["q"], sensitive="s", **more[distance])
        assert reached(frame, check) == pytest.approx(worst, abs=1e-7)


CELL = st.sampled_from(["x", "y", None])
ROWS = st.lists(st.tuples(CELL, CELL, CELL, st.sampled_from(["1", "2", "3", None])), min_size=1, max_size=20)


@given(ROWS, st.integers(2, 4))
def test_anonymity_by_comparing_all_pairs(rows, k):
    frame = pl.DataFrame(rows, schema=dict.fromkeys("abcs", pl.String), orient="row")

    def alike(u, v):
        return u[:3] == v[:3]

    def agrees(u, v):
        return all(x == y or x is None or y is None for x, y in zip(u[:3], v[:3], strict=True))

    for nulls, same in (("value", alike), ("wildcard", agrees)):
        size = [sum(same(u, v) for v in rows) for u in rows]
        result = check_microdata(
            frame, [KAnonymity(k=k, quasi_identifiers=list("abc"), nulls=nulls)]
        ).results[0]
        assert (result.reached, result.failing_records) == (min(size), sum(n < k for n in size))


@given(ROWS, st.sampled_from(["left_out", "value"]))
def test_diversity_by_hand(rows, nulls):
    frame = pl.DataFrame(rows, schema=dict.fromkeys("abcs", pl.String), orient="row")
    seen = defaultdict(list)
    for row in rows:
        if row[3] is not None or nulls == "value":
            seen[row[:3]].append(row[3])
    failing = {"distinct": 0, "entropy": 0, "recursive": 0}
    for values in seen.values():
        counts = sorted(Counter(values).values(), reverse=True)
        shares = [n / len(values) for n in counts]
        failing["distinct"] += len(values) * (len(counts) < 2)
        failing["entropy"] += len(values) * (-sum(p * math.log(p) for p in shares) < math.log(2) - 1e-9)
        failing["recursive"] += len(values) * (not counts[0] < 1.5 * sum(counts[1:]))
    for kind, records in failing.items():
        c = 1.5 if kind == "recursive" else None
        check = LDiversity(
            l=2, kind=kind, c=c, quasi_identifiers=list("abc"), sensitive="s", sensitive_nulls=nulls
        )
        assert check_microdata(frame, [check]).results[0].failing_records == records


@pytest.mark.parametrize(("f", "p"), [(1, 1.0), (1, 0.05), (2, 0.5), (3, 0.2), (7, 1.0), (40, 0.3)])
def test_individual_risk_is_the_mean_of_one_over_the_population(f, p):
    """The negative binomial, term by term: P(F = h) = C(h - 1, f - 1) p^f (1 - p)^(h - f)."""
    total, probability, h = 0.0, p**f, f
    while h < 5000:
        total += probability / h
        probability *= (1 - p) * h / (h + 1 - f)
        h += 1
    assert individual_risk(np.array([float(f)]), np.array([p]))[0] == pytest.approx(total, rel=1e-9)


def test_a_sample_unique_by_the_closed_form():
    frame = pl.DataFrame({"q": ["a", "b", "b"], "w": [18.0, 45.5, 39.0]})
    check = KMap(k=5, estimate="negative_binomial", weight="w", quasi_identifiers=["q"])
    p = 1 / 18
    assert reached(frame, check) == pytest.approx(1 / (p / (1 - p) * -math.log(p)))
    assert check_microdata(frame, [check]).ok
    assert not check_microdata(frame, [check.model_copy(update={"k": 6})]).ok


def test_a_known_population():
    frame = pl.DataFrame({"q": ["a", "b", "b", None, "stranger"]})
    people = pl.DataFrame({"q": ["a", "a", "b", None], "n": [3, 4, 1, 9]})
    result = check_microdata(
        frame, [KMap(k=5, estimate="given", count="n", quasi_identifiers=["q"])], population=people
    ).results[0]
    assert (result.failing_records, result.reached) == (3, 0.0)


def test_visits_of_one_person_are_no_crowd():
    visits = pl.DataFrame({"id": [1, 1, 1, 2], "q": ["a"] * 4, "s": ["x", "y", "z", "x"]})
    three = KAnonymity(k=3, quasi_identifiers=["q"])
    assert check_microdata(visits, [three]).ok
    assert not check_microdata(visits, [three], person="id").ok
    diverse = LDiversity(l=3, quasi_identifiers=["q"], sensitive="s")
    assert [r.reason for r in check_microdata(visits, [diverse], person="id").refusals] == ["repeated"]


def test_nulls_are_refused_on_demand():
    frame = pl.DataFrame({"q": ["a", "a", None, None], "s": [1.0, 2.0, float("nan"), 3.0]})
    strict = LDiversity(l=2, quasi_identifiers=["q"], sensitive="s", nulls="refuse", sensitive_nulls="refuse")
    assert [(r.reason, r.records) for r in check_microdata(frame, [strict]).refusals] == [
        ("nulls", 2),
        ("l_diversity", 1),
    ]


def test_nothing_shown_holds_a_value():
    frame = pl.DataFrame({"name <b>": ["Nguyen Van A", "0912345678"], "s": ["HIV", "flu"]})
    verdict = check_microdata(
        frame,
        [
            KAnonymity(k=5, quasi_identifiers=["name <b>"]),
            LDiversity(l=2, quasi_identifiers=["name <b>"], sensitive="s"),
        ],
    )
    page = verdict._repr_html_()
    shown = page + repr(verdict) + verdict.summary("vi") + verdict.summary("en") + str(verdict.frame)
    assert not any(secret in shown for secret in ("Nguyen", "0912", "HIV", "flu"))
    assert "&lt;b&gt;" in page
    assert "<b>" not in page


def test_all_mistakes_at_once():
    frame = pl.DataFrame({"q": ["a"], "s": ["x"], "list": [[1]]})
    checks = [
        KAnonymity(k=2, quasi_identifiers=["q", "missing", "list"]),
        TCloseness(t=0.2, distance="ordered", quasi_identifiers=["q"], sensitive="s"),
        KMap(k=2, estimate="given", count="n", quasi_identifiers=["q"]),
    ]
    with pytest.raises(an.PolicyError) as caught:
        check_microdata(frame, checks)
    assert [p.where for p in caught.value.problems] == [
        "column missing",
        "column list",
        "column s",
        "population",
    ]
    with pytest.raises(an.PolicyError, match="no check"):
        check_microdata(frame, [])
    weights = KMap(k=2, estimate="negative_binomial", weight="w", quasi_identifiers=["q"])
    order = TCloseness(t=0.2, distance="ordered", order=["a"], quasi_identifiers=["q"], sensitive="s")
    with pytest.raises(an.TableError) as caught:
        check_microdata(frame.with_columns(w=0.5), [weights, order])
    assert len(caught.value.problems) == 2
    with pytest.raises(an.TableError, match="no record"):
        check_microdata(frame.clear(), [KAnonymity(k=2, quasi_identifiers=["q"])])


@pytest.mark.parametrize(
    ("model", "declared"),
    [
        (KAnonymity, {"k": 1, "quasi_identifiers": ["q"]}),
        (KAnonymity, {"k": 5, "quasi_identifiers": []}),
        (KAnonymity, {"k": 5, "quasi_identifiers": ["q", "q"]}),
        (KAnonymity, {"k": 5, "quasi_identifiers": ["q"], "kk": 1}),
        (LDiversity, {"l": 2, "quasi_identifiers": ["s"], "sensitive": "s"}),
        (LDiversity, {"l": 2.5, "quasi_identifiers": ["q"], "sensitive": "s"}),
        (LDiversity, {"l": 2, "c": 2.0, "quasi_identifiers": ["q"], "sensitive": "s"}),
        (LDiversity, {"l": 2, "kind": "recursive", "quasi_identifiers": ["q"], "sensitive": "s"}),
        (TCloseness, {"t": 0.0, "distance": "equal", "quasi_identifiers": ["q"], "sensitive": "s"}),
        (TCloseness, {"t": 0.2, "distance": "hierarchical", "quasi_identifiers": ["q"], "sensitive": "s"}),
        (KMap, {"k": 5, "estimate": "given", "quasi_identifiers": ["q"]}),
        (
            KMap,
            {
                "k": 5,
                "estimate": "negative_binomial",
                "weight": "w",
                "fraction": 0.1,
                "quasi_identifiers": ["q"],
            },
        ),
    ],
)
def test_declarations_refuse_what_they_do_not_know(model, declared):
    with pytest.raises(ValueError, match="validation error"):
        model.model_validate(declared)


def test_the_order_of_records_changes_nothing():
    rows = [(random.Random(i).choice("abc"), random.Random(-i).choice("xyz")) for i in range(1, 60)]
    frame = pl.DataFrame(rows, schema=["q", "s"], orient="row")
    checks = [
        KAnonymity(k=9, quasi_identifiers=["q"]),
        TCloseness(t=0.1, distance="equal", quasi_identifiers=["q"], sensitive="s"),
    ]
    assert check_microdata(frame, checks) == check_microdata(frame.reverse().lazy(), checks)
