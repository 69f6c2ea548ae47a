"""Real notifiable-disease counts: cases and deaths by disease, province and month, threshold 5."""

import polars as pl
import pytest

import anonymize as an


def real_table(shared, years):
    frame = pl.read_parquet(shared / "data" / "gdpm" / "expected-2013-2016.parquet").filter(
        pl.col("year").is_in(years)
    )
    month = pl.format("{}-{}", "year", pl.col("month").cast(pl.String).str.zfill(2))
    provinces = frame["province"].unique().sort().to_list()
    regions = {p: f"region-{i % 6}" for i, p in enumerate(provinces)}
    place = an.Hierarchy.from_parents("province", regions | dict.fromkeys(regions.values(), "VN"))
    time = {f"{y}-{m:02d}": f"{y}-Q{(m + 2) // 3}" for y in years for m in range(1, 13)}
    time |= {quarter: quarter[:4] for quarter in time.values()} | {str(y): "_T" for y in years}
    dimensions = {
        "disease": an.Hierarchy.flat("disease", frame["disease"].unique().to_list()),
        "province": place,
        "time": an.Hierarchy.from_parents("time", time, omit=["_T"]),
    }
    return an.Table.from_records(frame.with_columns(time=month), dimensions, count=["cases", "deaths"])


def check(shared, years):
    table = real_table(shared, years)
    policy = an.Protection(rules=[an.SmallCount(threshold=5)])
    audit = an.audit(an.protect(table, policy), policy)
    assert (audit.exact, audit.narrow, audit.insider) == (0, 0, 0)
    assert audit.ok


def test_one_year_is_protected_and_audited_clean(shared):
    check(shared, [2016])


@pytest.mark.nightly
@pytest.mark.timeout(900)
def test_four_years_are_protected_and_audited_clean(shared):
    check(shared, [2013, 2014, 2015, 2016])
