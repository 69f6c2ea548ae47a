"""Specs: every mistake at once, each with its line, its dotted path and a remedy; never the value."""

import pytest

from opendata import spec as specs
from opendata.document import parse
from opendata.errors import SpecError
from opendata.workspace import template
from tests.opendata.conftest import SPEC


def refused(path) -> list[tuple[str, str, str]]:
    with pytest.raises(SpecError) as caught:
        specs.load(path)
    assert caught.value.exit_code == 2
    return [(p.where, p.what.en, p.remedy.en) for p in caught.value.problems]


@pytest.fixture
def write(tmp_path):
    def write(text: str | bytes):
        path = tmp_path / "cases.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_the_example_is_a_valid_spec(write):
    spec = specs.load(write(template().read_text(encoding="utf-8")))
    assert list(spec.table.dimensions) == ["disease", "province", "time"]
    assert spec.protection.rules[0].threshold == 5


def test_all_mistakes_are_told_at_once(write):
    text = SPEC.replace("threshold: 5", "treshold: 5").replace("ANNUAL", "SOMETIMES")
    text = text.replace("  issued: 2026-02-02\n", "").replace('vi: "Số mắc"', "vi: 17")
    found = refused(write(text))
    places = {where.split(": ")[1] for where, _, _ in found}
    assert places == {
        "entry.frequency", "entry.issued", "protection.rules.0.threshold",
        "protection.rules.0.treshold", "table.measures.cases.label.vi",
    }  # fmt: skip
    by_place = {where.split(": ")[1]: (what, remedy) for where, what, remedy in found}
    assert by_place["protection.rules.0.treshold"] == ("unknown key.", "Did you mean `threshold`?")
    assert by_place["entry.issued"][0] == "a required key is missing."


@pytest.mark.parametrize(
    ("found", "wrong", "said"),
    [
        ("groups: [1]", 'groups: ["1"]', "phải là số nguyên"),
        ("ANNUAL", "SOMETIMES", "phải là 'DECENNIAL', "),
        ("access: open", "access: secret", "phải là 'open', 'personal' hoặc 'other'"),
        ("threshold: 5", "threshold: -1", "phải từ 2 trở lên"),
        ('vi: "Số mắc"', "vi: 17", "phải là chữ"),
        ("kind: csv", "kind: paper", "phải là một trong 'excel', 'csv'"),
        ("groups: [1]", "groups: 1", "phải là một danh sách"),
    ],
)
def test_mistakes_are_told_in_vietnamese_words(write, found, wrong, said):
    assert found in SPEC
    with pytest.raises(SpecError) as caught:
        specs.load(write(SPEC.replace(found, wrong, 1)))
    [problem] = caught.value.problems
    assert problem.what.vi.startswith(f"giá trị không hợp lệ: {said}")


def test_parts_that_are_no_good_are_not_counted_too(write):
    assert len(refused(write(SPEC.replace("keywords:", "keywords: [17]\n  wrong:", 1)))) == 2


def test_a_key_in_the_wrong_section_is_not_taken_for_a_mistyped_one(write):
    text = SPEC.replace("entry:\n", "entry:\n  kind: csv\n", 1)
    [(where, what, remedy)] = refused(write(text))
    assert where.endswith("entry.kind")
    assert (what, remedy) == ("unknown key.", "It belongs elsewhere in the file: move or remove it.")


def test_a_mistake_names_its_line(write):
    lines = SPEC.splitlines()
    number = next(n for n, line in enumerate(lines, start=1) if "frequency" in line)
    (where, *_), *_ = refused(write(SPEC.replace("ANNUAL", "SOMETIMES")))
    assert where == f"cases.yaml, line {number}: entry.frequency"


def test_no_message_repeats_a_value(write):
    for secret in ("Nguyễn Văn An", "001085012345"):
        for place in ("ANNUAL", '"2a"', "threshold: 5"):
            text = SPEC.replace(place, f'threshold: "{secret}"' if "threshold" in place else f'"{secret}"')
            assert secret not in str(refused(write(text)))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1\na: 2\n", "stands twice"),
        ("a: &x [1]\nb: *x\n", "aliases are not allowed"),
        ("a: [1\n", "not valid YAML"),
        ("- a\n", "not a mapping"),
        ("", "not a mapping"),
        ("a: !!python/object:os.system x\n", "cannot be read with certainty"),
        ("a: 2026-01-05T10:00:00Z\n", "cannot be read with certainty"),
        ("\xff\xfe".encode("latin-1"), "not UTF-8"),
        ("a: " + "[" * 5000, "not valid YAML"),
    ],
)
def test_what_is_not_a_plain_mapping_is_refused(write, text, says):
    ((_, what, _), *_) = refused(write(text))
    assert says in what


def test_the_remedy_for_an_alias_is_not_to_indent(write):
    ((_, _, remedy), *_) = refused(write("a: &x [1]\nb: *x\n"))
    assert "Write the value again" in remedy


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("NO", "NO"),
        ("on", "on"),
        ("010", "010"),
        ("1:30", "1:30"),
        ("7", 7),
        ("true", True),
        ("~", None),
    ],
)
def test_scalars_mean_what_they_look_like(write, text, value):
    assert parse(write(f"a: {text}\n")).data["a"] == value


def test_a_subset_must_name_measures(write):
    text = SPEC.replace("zeros: published", "zeros: published\n  subsets: [{part: dead, whole: cases}]")
    assert any("no measure of the table: dead" in what for _, what, _ in refused(write(text)))


@pytest.mark.parametrize("name", ["measure", "value", "status", "reason", "row", "area_status"])
def test_a_column_cannot_take_a_name_that_means_something_else(write, name):
    found = refused(write(SPEC.replace("    sex: {label", f"    {name}: {{label")))
    assert any("mean something else" in what or "used twice" in what for _, what, _ in found)


def test_a_strange_key_or_kind_is_not_repeated(write):
    for text in (
        SPEC.replace("kind: csv", "kind: Nguyễn Văn An"),
        SPEC + "Nguyễn Văn An: 1\n",
        SPEC + "? [Nguyễn]\n: 1\n",
    ):
        assert "Nguyễn" not in str(refused(write(text)))
