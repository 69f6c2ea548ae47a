"""The timer, the service and the line for cron of the how-to, as systemd and cron read them."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "docs/how-to/publish-monthly.md"
BLOCKS = re.findall(r"```text\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")


def unit(name: str) -> str:
    return next(block for block in BLOCKS if block.startswith(f"# /etc/systemd/system/{name}\n"))


@pytest.mark.parametrize(
    ("name", "sections"),
    [("ytemo.service", {"Unit", "Service"}), ("ytemo.timer", {"Unit", "Timer", "Install"})],
)
def test_units_are_read(name, sections):
    parsed = configparser.ConfigParser(strict=True, interpolation=None)
    parsed.optionxform = str
    parsed.read_string(unit(name))
    assert set(parsed.sections()) == sections
    if name.endswith(".service"):
        assert parsed["Service"]["ExecStart"].split()[1:3] == ["run", "--due"]
        assert parsed["Service"]["Type"] == "oneshot"


@systemd
def test_systemd_accepts_them(tmp_path):
    text = unit("ytemo.service").replace("/opt/ytemo/.venv/bin/opendata", "/bin/true")
    (tmp_path / "ytemo.service").write_text(text.replace("User=ytemo\n", "User=root\n"))
    (tmp_path / "ytemo.timer").write_text(unit("ytemo.timer"))
    for name in ("ytemo.service", "ytemo.timer"):
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", str(tmp_path / name)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert "ytemo" not in done.stderr, (
            done.stderr
        )  # what it says of other units of this machine is not ours


@systemd
def test_the_timer_fires_in_office_hours():
    (when,) = re.findall(r"OnCalendar=(.+)", unit("ytemo.timer"))
    done = subprocess.run(
        ["systemd-analyze", "calendar", "--iterations=3", when], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert re.findall(r"\d\d:(\d\d):00", done.stdout)


def test_cron_reads_the_line():
    (line,) = (block.strip() for block in BLOCKS if "/etc/ytemo/token" in block)
    *fields, user, command = line.split(None, 6)
    assert len(fields) == len(RANGES)
    for field, (low, high) in zip(fields, RANGES, strict=True):
        step = re.fullmatch(r"(\*|\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*)(?:/\d+)?", field)
        assert step, field
        assert all(low <= int(number) <= high for number in re.findall(r"\d+", step[1]))
    assert user == "ytemo"
    assert "%" not in command  # cron would cut it there
    assert subprocess.run(["sh", "-n", "-c", command], check=False).returncode == 0
