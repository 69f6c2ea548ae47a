"""Workspaces: made without harm to what is there, opened with a clear word when they are not one."""

import pytest

from opendata import workspace as workspaces
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
