"""The public names of the package, which are loaded when they are used."""

from pathlib import Path

import catalog


def test_every_name_is_there_and_none_hides_a_module():
    modules = {path.stem for path in Path(catalog.__file__).parent.glob("*.py")}
    assert not set(catalog.__all__) & modules
    assert all(getattr(catalog, name) is not None for name in catalog.__all__)
