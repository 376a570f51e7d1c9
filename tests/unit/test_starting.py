"""The bootstrap's decisions and the supervisor's care."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import signal
import subprocess
import sys
import time
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mapro.supervisor import Service, Supervisor, embedded

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bootstrap() -> Any:
    """``bin/_bootstrap.py``, which is no package."""
    spec = importlib.util.spec_from_file_location("_bootstrap", ROOT / "bin" / "_bootstrap.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_command_to_type_fits_the_system(bootstrap: Any) -> None:
    say = bootstrap.install_command
    assert say(["pango"], "Darwin", root=False, sudo=False) == "brew install pango"
    as_root = say(["libpango-1.0-0"], "Linux", root=True, sudo=False)
    assert as_root.startswith("apt-get update && apt-get install -y")
    assert say(["x"], "Linux", root=False, sudo=True).startswith("sudo sh -c 'apt-get update")
    assert say(["x"], "Linux", root=False, sudo=False).startswith("su -c ")


def test_who_is_not_root_is_told_what_to_type(bootstrap: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(bootstrap.ctypes.util, "find_library", lambda name: None)
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    with pytest.raises(bootstrap.NotReady, match="libpango-1.0-0") as told:
        bootstrap.system_packages()
    assert "apt-get install" in str(told.value)


def test_root_installs_what_is_missing(bootstrap: Any, monkeypatch: Any) -> None:
    ran: list[tuple[Any, ...]] = []
    monkeypatch.setattr(bootstrap.ctypes.util, "find_library", lambda name: None)
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 0)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(bootstrap.platform, "system", lambda: "Linux")
    monkeypatch.setattr(bootstrap, "run", lambda *command, **kwargs: ran.append(command))
    bootstrap.system_packages()
    assert "libpango-1.0-0" in ran[0][2]


def test_a_failed_command_shows_its_last_lines(bootstrap: Any) -> None:
    with pytest.raises(bootstrap.NotReady, match="no such thing"):
        bootstrap.run(sys.executable, "-c", "import sys; sys.exit('no such thing')")


def until(holds: Callable[[], bool], supervisor: Supervisor | None = None) -> None:
    """Wait up to 15 s until ``holds()``, watching meanwhile."""
    limit = time.monotonic() + 15
    while not holds():
        assert time.monotonic() < limit
        if supervisor:
            supervisor.watch()
        time.sleep(0.05)


def test_a_crash_is_reported_and_the_process_started_again(capsys: Any, tmp_path: Path) -> None:
    count = tmp_path / "starts"
    code = f"open({str(count)!r}, 'a').write('x'); print('hello'); raise SystemExit(3)"
    service = Service("worker", [sys.executable, "-c", code])
    supervisor = Supervisor([service])
    supervisor.start()
    until(lambda: count.exists() and len(count.read_text()) >= 2, supervisor)
    supervisor.stop()
    said = capsys.readouterr().out
    assert "worker ended with code 3; starting it again in 1 s" in said
    assert "worker | hello" in said


def test_stopping_ends_the_whole_family(tmp_path: Path) -> None:
    pid = tmp_path / "child"
    code = (
        "import subprocess, sys, time; "
        "c = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); "
        f"open({str(pid)!r}, 'w').write(str(c.pid)); time.sleep(600)"
    )
    supervisor = Supervisor([Service("web", [sys.executable, "-c", code])], quiet=True)
    supervisor.start()
    until(lambda: pid.exists() and bool(pid.read_text()))
    supervisor.stop()
    until(lambda: not alive(int(pid.read_text())))


def alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], text=True, capture_output=True)
    return bool(found.stdout.strip()) and not found.stdout.startswith("Z")


def test_an_interrupt_ends_the_run(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    inner = f"import time; open({str(ready)!r}, 'w'); time.sleep(600)"
    code = (
        "import sys; from mapro.supervisor import Service, Supervisor; "
        f"s = Supervisor([Service('web', [sys.executable, '-c', {inner!r}])]); s.run()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, text=True, stdout=subprocess.PIPE,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "mapro.settings"},
    )  # fmt: skip
    until(ready.exists)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Stopped." in said


def test_the_embedded_deployment_is_web_and_worker() -> None:
    services = {s.name: s.command for s in embedded(8000)}
    assert set(services) == {"web", "worker"}
    assert "127.0.0.1:8000" in services["web"]
    assert "--beat" in services["worker"]


def test_a_start_prepares_once_and_again_after_a_scenario_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.syspath_prepend(str(ROOT / "bin"))
    loader = importlib.machinery.SourceFileLoader("start_script", str(ROOT / "bin" / "start"))
    script: Any = types.ModuleType("start_script")
    script.__file__ = str(ROOT / "bin" / "start")
    exec(loader.get_code("start_script"), script.__dict__)  # noqa: S102 - the project's own file
    part = tmp_path / "planning" / "scenarios" / "country_x" / "tab-02.yaml"
    part.parent.mkdir(parents=True)
    part.write_text("a: one")
    (tmp_path / "requirements.txt").write_text("")
    monkeypatch.setattr(script, "ROOT", tmp_path)
    asked: list[str] = []
    monkeypatch.setattr(script, "manage", lambda var, *words: asked.append(words[0]) or "")
    var = tmp_path / "var"
    script.prepare(var)
    (var / "mapro.sqlite3").touch()
    script.prepare(var)
    assert asked == ["migrate", "seed_demo"]
    part.write_text("a: two")
    script.prepare(var)
    assert asked == ["migrate", "seed_demo"] * 2
