"""The personal-data scan on a large table and on many notes, beside a plain loop over presidio's AnalyzerEngine.

    python benchmarks/personal_data.py [--rows 1000000] [--notes 100000] [--sample 3000]

The loop runs in the same process with the same recognisers, on a random sample of the cells; its time for all of them
is extrapolated. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import random
import resource
from time import process_time

import polars as pl

import anonymize
from anonymize.pii.engine import analyse, ready

PROVINCES = [
    "Hà Nội",
    "Hà Giang",
    "Cao Bằng",
    "Lào Cai",
    "Sơn La",
    "Hòa Bình",
    "Quảng Ninh",
    "Cần Thơ",
    "Cà Mau",
]
DISEASES = [
    "Sốt xuất huyết",
    "Tay chân miệng",
    "Sởi",
    "Ho gà",
    "Thủy đậu",
    "Quai bị",
    "Cúm",
    "Viêm gan vi rút",
]
DRUGS = ["Paracetamol 500 mg", "Amoxicilin 250 mg", "Oresol gói 4,1 g", "Vitamin A 200.000 IU"]
NOTES = [
    "Nộp báo cáo muộn {} ngày, đã đôn đốc",
    "Trạm y tế xã Tân Lập bổ sung {} ca",
    "Kinh phí {} đồng, đã quyết toán",
    "Số ca tăng {} so với tháng trước",
    "Theo công văn {}/SYT-NVY của Sở Y tế",
    "Lô vắc xin {}, hạn dùng 12/2027",
    "Revised after the review, {} records",
    "Ổ dịch tại trường mầm non, {} trẻ nghỉ học",
]


def register(rows: int, rng: random.Random) -> pl.DataFrame:
    """Ten columns of text without personal data: codes, names, categories, GTINs, invoices, notes."""
    pick = rng.choices
    few = [rng.choice(NOTES).format(n) for n in range(1_000)]
    return pl.DataFrame(
        {
            "c1": pick(PROVINCES, k=rows),
            "c2": pick([f"{n:05}" for n in range(1, 700)], k=rows),
            "c3": pick([f"{a}{n:02}" for a in "ABCIJ" for n in range(100)], k=rows),
            "c4": pick([f"{n:05}" for n in range(10_000, 21_000)], k=rows),
            "c5": pick(DISEASES, k=rows),
            "c6": pick([f"2024-Q{q}" for q in range(1, 5)], k=rows),
            "c7": [f"893{n:09}{rng.randrange(10)}" for n in pick(range(10**9), k=rows)],
            "c8": [f"HD{n:07}" for n in pick(range(10**7), k=rows)],
            "c9": pick(few, k=rows),
            "c10": pick(DRUGS, k=rows),
        }
    )


def loop(cells: list[str], sample: int, rng: random.Random) -> float:
    """CPU seconds that the plain loop would need for all cells."""
    engine = ready()
    chosen = rng.sample(cells, min(sample, len(cells)))
    start = process_time()
    for cell in chosen:
        analyse(engine, cell)
    return (process_time() - start) * len(cells) / len(chosen)


def main() -> None:
    """Runs what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--notes", type=int, default=100_000)
    parser.add_argument("--sample", type=int, default=3_000)
    given = parser.parse_args()
    rng = random.Random(0)  # noqa: S311
    ready()
    frame = register(given.rows, rng)
    notes = pl.DataFrame({"note": [rng.choice(NOTES).format(n) for n in range(given.notes)]})
    print("| what | cells | scan s | plain loop s | ratio | findings | MB |\n" + "|---" * 7 + "|")
    for what, data in ((f"{given.rows:,} rows x 10 columns", frame), ("distinct notes", notes)):
        start = process_time()
        found = anonymize.scan(data)
        spent = process_time() - start
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        cells = [cell for column in data.iter_columns() for cell in column.sample(given.sample, seed=0)]
        plain = loop(cells, given.sample, rng) * (data.height * data.width / len(cells))
        print(
            f"| {what} | {data.height * data.width:,} | {spent:.1f} | {plain:,.0f} | {plain / spent:,.0f} "
            f"| {len(found.findings)} | {memory:,.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
