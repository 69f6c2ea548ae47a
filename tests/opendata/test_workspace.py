"""Workspaces: made without harm to what is there, opened with a clear word when they are not one."""

import json

import jsonschema
import pytest

from opendata import demo
from opendata import workspace as workspaces
from opendata.document import parse
from opendata.errors import SpecError


def test_init_makes_the_folders_the_config_and_the_schema(tmp_path):
    made = workspaces.init(tmp_path / "w")
    names = {path.name for path in made.root.iterdir()}
    assert names == {*workspaces.FOLDERS, "opendata.toml", ".gitignore", ".schema"}


def test_init_again_keeps_what_is_there(tmp_path):
    made = workspaces.init(tmp_path)
    (made.root / "opendata.toml").write_text('[portal]\nurl = "https://data.example.org"\n')
    assert workspaces.init(tmp_path).config.portal.url == "https://data.example.org"


def test_new_starts_from_the_example_and_never_overwrites(tmp_path):
    made = workspaces.init(tmp_path)
    workspaces.new(made, "dengue")
    assert made.datasets() == ["dengue"]
    with pytest.raises(SpecError, match="exists"):
        workspaces.new(made, "dengue")


@pytest.mark.parametrize("name", ["../up", "Đen", "a b", "", "x" * 200])
def test_an_id_is_plain(tmp_path, name):
    with pytest.raises(SpecError, match="not a valid id"):
        workspaces.new(workspaces.init(tmp_path), name)


def test_what_is_no_workspace_says_how_to_make_one(tmp_path):
    with pytest.raises(SpecError, match="opendata init"):
        workspaces.find(tmp_path)


@pytest.mark.parametrize("text", ["[portal", "[portal]\nurl = 7\n", '[portal]\ntoken = "x"\n'])
def test_a_bad_config_names_the_key(tmp_path, text):
    made = workspaces.init(tmp_path)
    (made.root / "opendata.toml").write_text(text)
    with pytest.raises(SpecError, match=r"opendata\.toml"):
        workspaces.find(tmp_path)


@pytest.mark.parametrize("name", ["so_lieu", "bo", "Cases"])
def test_a_spec_under_a_name_that_is_no_id_is_not_called_missing(workspace, name):
    workspace.spec_path("cases").rename(workspace.spec_path(name))
    with pytest.raises(SpecError, match="not a valid id") as refused:
        workspace.spec(name)
    assert "3 to 100" in str(refused.value)


def test_where_the_config_is_no_toml_the_line_is_told_and_nothing_quoted(tmp_path):
    made = workspaces.init(tmp_path)
    (made.root / "opendata.toml").write_text('[portal]\n\nurl = "secret\n')
    with pytest.raises(SpecError) as refused:
        workspaces.find(tmp_path)
    assert refused.value.problems[0].where == "opendata.toml, line 3"
    assert "secret" not in str(refused.value)


def test_an_unknown_role_is_one_mistake(tmp_path):
    made = workspaces.init(tmp_path)
    key = f"ed25519:{'A' * 43}="
    block = f'[[people]]\nid = "ai-do"\nroles = ["chief"]\nkey = "{key}"\n'
    (made.root / "opendata.toml").write_text(block)
    with pytest.raises(SpecError) as refused:
        workspaces.find(tmp_path)
    assert [problem.where for problem in refused.value.problems] == ["opendata.toml: people.0.roles.0"]


def test_an_unknown_dataset_lists_those_that_are_there(workspace):
    with pytest.raises(SpecError, match="cases"):
        workspace.spec("other")


def test_a_file_where_the_folder_should_be_is_a_message(tmp_path):
    (tmp_path / "w").write_text("a file")
    with pytest.raises(SpecError, match="cannot be written"):
        workspaces.init(tmp_path / "w")


def test_a_code_list_of_the_workspace_goes_before_one_that_ships(workspace):
    assert [code.code for code in workspace.code_list("areas").codes][:2] == ["VN", "N"]
    assert workspace.code_list("sex").codes
    (workspace.root / "codes/bad.csv").write_text("code,parent\n1,2\n")
    with pytest.raises(SpecError, match="code list"):
        workspace.code_list("bad")


def test_editors_get_a_schema_of_each_record_that_the_examples_point_at_and_fit(tmp_path):
    made = workspaces.init(tmp_path)
    demo.add_example(made)
    records = [
        path for kind in ("datasets", "databases", "corrections") for path in (made.root / kind).iterdir()
    ]
    assert len(records) == 5
    for path in records:
        place = (
            path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# yaml-language-server: $schema=")
        )
        schema = json.loads((path.parent / place).read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        data = parse(path).data
        jsonschema.Draft202012Validator(schema).validate(data)
        with pytest.raises(jsonschema.ValidationError, match="strange"):
            jsonschema.Draft202012Validator(schema).validate(data | {"strange": 1})


def test_mistakes_of_the_config_are_told_in_both_languages(tmp_path):
    (tmp_path / "opendata.toml").write_text("[registers]\nreview_months = 999\nreveiw = 1\n")
    with pytest.raises(SpecError) as refused:
        workspaces.find(tmp_path)
    assert [problem.what.vi for problem in refused.value.problems] == [
        "không được lớn hơn 120.",
        "mục không được biết đến.",
    ]


def test_the_registers_are_described_in_the_config(tmp_path):
    made = workspaces.init(tmp_path)
    config = made.config.registers
    assert (config.groups, config.id_of("databases")) == ((23,), "health-databases")
    text = (made.root / "opendata.toml").read_text(encoding="utf-8").replace("# publisher", "publisher")
    added = 'prefix = "hue"\ngroups = [17, 23]\n' + (
        'evidence = [{kind = "owner_consent", holder = {vi = "Sở Y tế", en = "Department"}, number = "1", '
        "date = 2026-01-05}]\n"
    )
    (made.root / "opendata.toml").write_text(text + added, encoding="utf-8")
    config = workspaces.find(made.root).config.registers
    assert (config.groups, config.id_of("databases")) == ((17, 23), "hue-health-databases")
    assert config.evidence[0].date.isoformat() == "2026-01-05"


def test_the_id_of_a_register_is_no_dataset(workspace):
    workspace.spec_path("cases").rename(workspace.spec_path("health-databases"))
    with pytest.raises(SpecError, match="register"):
        workspace.spec("health-databases")
