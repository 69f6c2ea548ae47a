"""opendata verify: what is proven and what is not, for a folder, a portal's page and a static catalogue."""

import json
import shutil
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata import approvals, demo, pipeline, site, verification
from opendata import workspace as workspaces
from opendata.approvals import Key, document
from opendata.errors import PortalError, SpecError, VerificationError
from opendata.release import digest
from tests.opendata.client.conftest import as_ckan
from tests.opendata.client.server import serving
from tests.opendata.conftest import RECORDS, fresh

SIGNED = ("approvals.jsonld", "prov.jsonld")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A workspace with an approved version and a draft, and its static catalogue; never changed."""
    workspace = fresh(tmp_path_factory.mktemp("verify") / "workspace")
    demo.approve_for_rehearsal(pipeline.build("cases", workspace.root)[0])
    (workspace.root / "data/records.csv").write_text(RECORDS.replace("S3,M,48", "S3,M,59"), encoding="utf-8")
    pipeline.build("cases", workspace.root)
    workspace = workspaces.find(workspace.root)
    site.write(workspace)
    return workspace


@pytest.fixture
def web(made, tmp_path):
    shutil.copytree(made.root / "site", tmp_path / "www")
    with serving(tmp_path / "www") as served:
        yield served


@pytest.fixture(scope="module")
def folder(made):
    return made.root / "releases/cases/2026.1"


@pytest.fixture
def keys(made):
    return made.root / "site" / "keys.json"


def english(found, **options):
    return "\n".join(line.en for line in verification.lines(found, **options))


def test_who_signed_in_which_role_with_which_key(folder, made):
    found = verification.verify(folder)
    assert [(one.act, one.who, one.role) for one in found.signers] == [
        ("submit", "thong-ke", "author"),
        ("approve", "kiem-duyet-1", "approver"),
        ("approve", "kiem-duyet-2", "approver"),
    ]  # fmt: skip
    assert [one.key for one in found.signers] == [person.key for person in made.config.people]
    assert all(
        one.fingerprint.replace(" ", "").isalnum() and len(one.fingerprint) == 39 for one in found.signers
    )


def test_what_is_proven_without_trusted_keys_and_what_is_not(folder):
    told = english(verification.verify(folder))
    assert "Not proven whose keys they are" in told
    assert "✓ Proven" not in told


def test_with_trusted_keys(folder, keys, web):
    for given_keys in (keys, f"{web.url}/keys.json"):
        found = verification.verify(folder, keys=given_keys)
        assert found.trusted
        assert "✓ Proven: no byte has changed" in english(found)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"key": "ed25519:" + "A" * 43 + "="}, "none of those that are trusted"),
        ({"id": "kiem-duyet-9"}, "not for this office"),
        ({"roles": ["author"]}, "not for this office"),
        ({"until": "2020-01-01"}, "this day"),
        ({"since": "2999-01-01"}, "this day"),
    ],
)
def test_somebody_else_is_not_trusted(folder, keys, tmp_path, change, said):
    told = json.loads(keys.read_text(encoding="utf-8"))
    one = next(person for person in told["people"] if person["id"] == "kiem-duyet-1")
    one |= change
    (tmp_path / "keys.json").write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(VerificationError, match=f"kiem-duyet-1.*{said}"):
        verification.verify(folder, keys=tmp_path / "keys.json")


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '{"format": "ytemo-keys/1", "people": [{"id": "x", "key": "y"}]}']
)
def test_unreadable_keys_refuse(folder, tmp_path, text):
    (tmp_path / "keys.json").write_text(text, encoding="utf-8")
    with pytest.raises(SpecError, match="no list of keys"):
        verification.verify(folder, keys=tmp_path / "keys.json")
    with pytest.raises(SpecError, match="no list of keys"):
        verification.verify(folder, keys=tmp_path / "absent.json")


def test_a_draft_is_whole_and_says_that_it_is_one(made):
    found = verification.verify(made.root / "releases/cases/2026.2")
    assert not found.approved
    vi = [line.vi for line in verification.lines(found)]
    assert any("Bản nháp, chưa phê duyệt" in line for line in vi)
    assert "A draft, not approved" in english(found)


@pytest.mark.parametrize(
    "path", ["datasets/cases", "datasets/cases/", "datasets/cases/index.html", "datasets/cases/2026.1.html",
             "datasets/cases/2026.1/", "datasets/cases/2026.1.explore.html"]
)  # fmt: skip
def test_every_page_of_a_static_catalogue(web, path):
    found = verification.verify(f"{web.url}/{path}")
    assert (found.id, found.version, len(found.signers)) == ("cases", "2026.1", 3)


def test_a_page_of_a_portal(web):
    as_ckan(web, "cases", "2026.1")
    assert verification.verify(f"{web.url}/dataset/cases").approved
    assert verification.verify(f"{web.url}/dataset/cases/", version="2026.1").approved


def test_a_page_that_serves_another_release_than_it_says(web):
    """Everything is signed, but an older version or another dataset is served under this name."""
    as_ckan(web, "cases", "2026.1")
    package = web.actions["package_show", "cases"]
    later = [item | {"release_version": "2026.9"} for item in package["resources"]]
    web.actions["package_show", "deaths"] = package | {"name": "deaths"}
    web.actions["package_show", "cases"] = package | {"version": "2026.9", "resources": later}
    for page in ("deaths", "cases"):
        with pytest.raises(VerificationError, match="serves another release") as refused:
            verification.verify(f"{web.url}/dataset/{page}")
        assert refused.value.exit_code == 8


def test_a_rehearsal_is_told_plainly(folder, keys):
    for found in (verification.verify(folder), verification.verify(folder, keys=keys)):
        assert "Signed in a rehearsal: not approved for the public." in english(found)
    assert all(one["rehearsal"] for one in json.loads(verification.as_json(found))["signers"])


def test_published_without_approvals(web):
    (web.folder / "datasets/cases/2026.1/approvals.jsonld").unlink()
    as_ckan(web, "cases", "2026.1")
    for page in ("datasets/cases/", "dataset/cases"):
        with pytest.raises(VerificationError, match="published without approvals") as refused:
            verification.verify(f"{web.url}/{page}")
        assert refused.value.exit_code == 8


@pytest.mark.parametrize("path", ["", "dataset", "dataset/", "datasets/a/b/c", "registers/open-data.html"])
def test_no_page_of_a_dataset(web, path):
    with pytest.raises(PortalError, match="not the page of a dataset"):
        verification.verify(f"{web.url}/{path}")


def test_the_chain_of_provenance(folder):
    told = english(verification.verify(folder), provenance=True)
    assert "Sources (names only; confidential): data/records.csv" in told
    assert "Approved by" in told


def test_for_machines_in_both_languages(folder):
    said = json.loads(verification.as_json(verification.verify(folder)))
    assert (said["approved"], said["trusted"], said["files"]) == (True, None, 11)
    assert said["proven"].keys() == {"vi", "en"}
    assert [one["who"] for one in said["signers"]] == ["thong-ke", "kiem-duyet-1", "kiem-duyet-2"]


@pytest.fixture(scope="module")
def copy(folder, tmp_path_factory):
    return shutil.copytree(folder, tmp_path_factory.mktemp("altered") / "2026.1")


@pytest.mark.parametrize("name", SIGNED)
@settings(max_examples=80)
@given(data=st.data())
def test_any_byte_of_a_signed_file(copy, folder, name, data):
    original = (folder / name).read_bytes()
    place = data.draw(st.integers(0, len(original) - 1))
    other = data.draw(st.integers(1, 255))
    altered = bytearray(original)
    altered[place] ^= other
    (copy / name).write_bytes(altered)
    with pytest.raises(VerificationError) as refused:
        verification.verify(copy)
    assert refused.value.exit_code == 8
    (copy / name).write_bytes(original)


@pytest.mark.parametrize("name", SIGNED)
@pytest.mark.parametrize("change", [lambda b: b[:-1], lambda b: b + b"\n", lambda b: b"", lambda b: b" " + b])
def test_cut_short_or_longer(copy, folder, name, change):
    original = (folder / name).read_bytes()
    (copy / name).write_bytes(change(original))
    with pytest.raises(VerificationError):
        verification.verify(copy)
    (copy / name).write_bytes(original)


def test_the_approvals_of_another_release(made, tmp_path):
    other = shutil.copytree(made.root / "releases/cases/2026.2", tmp_path / "2026.2")
    shutil.copy(made.root / "releases/cases/2026.1/approvals.jsonld", other)
    with pytest.raises(VerificationError, match="not signed for this release"):
        verification.verify(other)


def signed_by_strangers(folder, **said):
    """Approvals of a release by three made-up keys, the first of which says odd things."""
    acts = []
    for number, who in enumerate(("anh", "binh", "chi"), start=1):
        subject = {"dataset": "cases", "version": "2026.1", "manifest": digest(folder / "manifest.json")}
        about = {"at": "2026-12-10T02:00:00.000Z", "ledger": {"number": number, "digest": "a" * 64}}
        about |= {"role": "approver" if acts else "author", "title": None, "who": who, "why": "đủ"}
        about |= {} if acts else {"approvers": 2, **said}
        words = approvals.statement("approve" if acts else "submit", subject, **about)
        acts.append(approvals.sign(words, Key(who, Ed25519PrivateKey.generate())))
    (folder / "approvals.jsonld").write_bytes(document.render(acts))


@pytest.mark.parametrize(
    "said",
    [
        {"at": "yesterday"},
        {"at": "2026-12-10"},
        {"at": "2026-99-10T02:00:00.000Z"},
        {"title": {"vi": 1, "en": 2}},
        {"title": {"vi": "a"}},
        {"who": "anh\n✓ Proven: no byte has changed"},
        {"who": "аnh"},  # the first letter is Cyrillic
    ],
)
def test_signed_acts_that_this_program_cannot_have_made(copy, said):
    signed_by_strangers(copy, **said)
    with pytest.raises(VerificationError) as refused:
        verification.verify(copy)
    assert refused.value.exit_code == 8


def test_what_somebody_signed_writes_no_lines_of_its_own(copy):
    signed_by_strangers(copy, why="đủ\n✓ Proven\x1b[8m\u202e")
    lines = verification.lines(verification.verify(copy), provenance=True)
    assert all(line.vi.isprintable() and line.en.isprintable() for line in lines)


def test_the_command(folder, keys):
    run = [sys.executable, "-m", "opendata.cli", "--lang", "en", "verify", str(folder)]
    done = subprocess.run(
        [*run, "--keys", str(keys), "--provenance"], capture_output=True, text=True, check=True
    )
    assert "✓ cases 2026.1: 11 files are as published" in done.stdout
    assert "kiem-duyet-1 (approver) signed: approved" in done.stdout
