"""The compose file's own commands, run natively against a real PostgreSQL and Redis.

So the file cannot rot: what it starts is what is started here.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis
import yaml

pytestmark = pytest.mark.deploy
ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SETTINGS = (ROOT / "mapro" / "settings.py").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
HOST = "mapro.example"
OURS = ("migrate", "web", "worker", "scheduler")


def test_the_file_names_every_part_of_the_deployment() -> None:
    assert set(COMPOSE["services"]) == {*OURS, "postgres", "redis"}
    for name in OURS:
        service = COMPOSE["services"][name]
        assert service["cap_drop"] == ["ALL"]
        assert set(service["environment"]) >= {"SECRET_KEY", "DATABASE_URL", "CELERY_BROKER_URL"}
        known = set(re.findall(r'env\.\w+\(\s*"(\w+)"', SETTINGS))
        assert set(service["environment"]) <= known  # a name that nothing reads is a mistake
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert re.search(r"^USER mapro$", DOCKERFILE, re.M)
    for name in ("postgres", "redis"):
        assert COMPOSE["services"][name]["healthcheck"]["test"]


@pytest.fixture
def env(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A database of this test's own and what the compose file's environment would say."""
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        pytest.fail("The deployment needs PostgreSQL; bin/test gives it one.")
    name = f"test_deploy_{secrets.token_hex(4)}"
    admin = psycopg2.connect(address)
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    broker = re.sub(r"/\d+$", "/14", os.environ["CELERY_BROKER_URL"])
    queue = redis.Redis.from_url(broker)
    queue.flushdb()
    yield {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO", "PYTEST"))} | {
        "MAPRO_MODE": "production",
        "SECRET_KEY": secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": HOST,
        "SECURE_SSL_REDIRECT": "false",
        "DATABASE_URL": re.sub(r"/[^/]*$", f"/{name}", address),
        "CELERY_BROKER_URL": broker,
        "MAPRO_STORAGE_URL": f"file://{tmp_path}/files",
        "MAPRO_VAR": str(tmp_path),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    with admin.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    admin.close()
    queue.flushdb()


def command(service: str, port: int, tmp: Path) -> list[str]:
    """The service's command, its port and folders put where this machine has them."""
    given = COMPOSE["services"][service]["command"]
    moved = [
        part.replace("0.0.0.0:8000", f"127.0.0.1:{port}").replace("/srv/mapro/var", str(tmp))
        for part in given
    ]
    return [sys.executable, *moved[1:]] if moved[0] == "python" else moved


def health_checks(port: int) -> list[list[str]]:
    """The image's own check, of the web process, and the compose file's, of the worker."""
    found = re.search(r"^HEALTHCHECK .*?CMD (\[.*?\])$", DOCKERFILE, re.M | re.S)
    assert found
    kind, line = COMPOSE["services"]["worker"]["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    return [
        [str(port) if part == "8000" else part for part in json.loads(found[1])],
        ["sh", "-c", line.replace("$$HOSTNAME", socket.gethostname())],
    ]


def manage(env: dict[str, str], *arguments: str) -> str:
    """Run a management command in the deployment's environment."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], env=env, cwd=ROOT, text=True,
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def ready(base: str) -> dict[str, Any]:
    """What /readyz says."""
    try:
        asked = urllib.request.Request(f"{base}/readyz", headers={"Host": HOST})
        with urllib.request.urlopen(asked, timeout=5) as answer:
            return dict(json.load(answer))
    except urllib.error.HTTPError as error:
        return dict(json.load(error))
    except OSError:
        return {}


def test_the_commands_of_the_file_make_files(env: dict[str, str], tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    subprocess.run(command("migrate", port, tmp_path), env=env, cwd=ROOT, check=True,
                   capture_output=True)  # fmt: skip
    logs = {name: (tmp_path / f"{name}.log").open("w") for name in OURS}
    started = {
        name: subprocess.Popen(
            command(name, port, tmp_path), env=env, cwd=ROOT, stdout=logs[name],
            stderr=subprocess.STDOUT, start_new_session=True,
        )
        for name in ("web", "worker", "scheduler")
    }  # fmt: skip
    try:
        limit = time.monotonic() + 60
        while set(ready(base).values()) != {"ok"}:
            assert time.monotonic() < limit, (ready(base), said(tmp_path))
            for name, process in started.items():
                assert process.poll() is None, f"{name} ended: {said(tmp_path)}"
            time.sleep(0.3)
        for check in health_checks(port):
            subprocess.run(check, env=env, cwd=ROOT, check=True, capture_output=True, timeout=60)
        code = """
import time
from planning import scenario
from planning.models import Rendition
script = scenario.load("country_x")
cast = scenario.people(script, None)
effort = scenario.stage(script, cast)
scenario.play(script, effort, cast, until="analysis")
for _ in range(300):
    states = set(Rendition.objects.values_list("status", flat=True))
    if states == {"ready"}:
        break
    time.sleep(0.3)
print("STATES", sorted(states), Rendition.objects.count())
"""
        # Each package as PDF when it was submitted (Step 2 twice); a memo of each of the three
        # decisions; PDF and Word, and slides of what may be
        # briefed, when it was approved.
        assert "STATES ['ready'] 20" in manage(env, "shell", "-c", code), said(tmp_path)
        made = tmp_path / "files" / "renditions"
        counts = {end: len(list(made.glob(f"*.{end}"))) for end in ("pdf", "docx", "pptx")}
        assert counts == {"pdf": 14, "docx": 4, "pptx": 2}
        assert "Audit trail proven" in manage(env, "verify_audit")
    finally:
        for process in started.values():
            process.terminate()
        for process in started.values():
            process.wait(30)


def said(folder: Path) -> str:
    """The last lines of every log."""
    return "\n".join(p.name + ": " + p.read_text()[-800:] for p in folder.glob("*.log"))


def test_production_refuses_an_insecure_setting(env: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], env=env | {"ALLOWED_HOSTS": "*"}, cwd=ROOT,
        text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "ALLOWED_HOSTS is open" in done.stderr
