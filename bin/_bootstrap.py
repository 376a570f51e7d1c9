"""What bin/start, bin/test and bin/check share: get ready to run, with Python's own library only.

Each step leaves a stamp below ``.venv`` and is skipped while what it was made from is unchanged.
"""

from __future__ import annotations

import ctypes.util
import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PIP = VENV / "bin" / "pip"  # made last: without it, making the environment was cut short
LIBRARIES = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}
FONT_PACKAGE = "fonts-dejavu-core"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts")


class NotReady(Exception):
    """Something that the user has to do; the message is the whole of what they need."""


def say(words: str) -> None:
    """Print one line at once."""
    print(words, flush=True)


def run(*command: str | Path, **kwargs: object) -> None:
    """Run a command. Raises NotReady with the tail of what it printed when it fails."""
    done = subprocess.run(  # noqa: S603
        [str(c) for c in command], cwd=ROOT, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, check=False, **kwargs,  # type: ignore[call-overload]
    )  # fmt: skip
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-15:])
        raise NotReady(f"{' '.join(map(str, command))} failed:\n{tail}")


def missing_packages(system: str | None = None) -> list[str]:
    """System packages that this machine lacks: Pango for PDF, a font, and Python's venv."""
    system = system or platform.system()
    missing = [
        "pango" if system == "Darwin" else package
        for name, package in LIBRARIES.items()
        if not ctypes.util.find_library(name) and not _mac_library(name)
    ]
    if system == "Linux":
        if not any(Path(f).is_dir() and any(Path(f).rglob("*.[to]tf")) for f in FONT_FOLDERS):
            missing.append(FONT_PACKAGE)
        if not PIP.exists() and not importlib.util.find_spec("ensurepip"):
            missing.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    return sorted(set(missing))


def _mac_library(name: str) -> bool:
    return any(
        Path(folder, f"lib{name}.dylib").exists()
        for folder in ("/opt/homebrew/lib", "/usr/local/lib")
    )


def install_command(packages: list[str], system: str, *, root: bool, sudo: bool) -> str:
    """The one command that installs ``packages`` on this system."""
    names = " ".join(packages)
    if system == "Darwin":
        return f"brew install {names}"
    command = f"apt-get update && apt-get install -y --no-install-recommends {names}"
    return command if root else f"{'sudo' if sudo else 'su -c'} sh -c '{command}'"


def system_packages(extra: tuple[str, ...] = ()) -> None:
    """See to the system's packages; root installs them, others are told the command.

    ``extra`` are packages wanted besides. Raises NotReady with the command.
    """
    missing = [*missing_packages(), *extra]
    if not missing:
        return
    system = platform.system()
    root = os.geteuid() == 0
    command = install_command(missing, system, root=root, sudo=bool(shutil.which("sudo")))
    if not (root and shutil.which("apt-get")):
        raise NotReady(
            f"MAPRO needs {', '.join(missing)}. Type this, then start again:\n\n  {command}\n"
        )
    say(f"Installing {', '.join(missing)} …")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    run("sh", "-c", command, env=quiet)


def _stamp(name: str, *sources: Path) -> tuple[Path, str]:
    found = hashlib.sha256()
    for source in sources:
        found.update(source.read_bytes())
    return VENV / f".{name}", found.hexdigest()


def fresh(name: str, *sources: Path) -> bool:
    """Whether the step ``name`` was done from these very sources."""
    stamp, wanted = _stamp(name, *sources)
    return stamp.exists() and stamp.read_text() == wanted


def done(name: str, *sources: Path) -> None:
    """Note that the step ``name`` was done from these sources."""
    stamp, wanted = _stamp(name, *sources)
    stamp.write_text(wanted)


def python_packages(*, dev: bool = False) -> None:
    """Make the virtual environment and install the hashed lock, if it changed."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the message is for older ones
        raise NotReady("MAPRO needs Python 3.11 or newer.")
    if not PIP.exists():
        say("Making the virtual environment …")
        run(sys.executable, "-m", "venv", VENV)
    locks = [ROOT / "requirements.txt"]
    if dev:
        locks.append(ROOT / "requirements-dev.txt")
    name = "dev-packages" if dev else "packages"
    both = [ROOT / "requirements.txt", ROOT / "requirements-dev.txt"]
    if fresh(name, *locks) or fresh("dev-packages", *both):
        return
    say("Installing Python packages …")
    run(
        PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r", ROOT / "requirements-uv.txt"
    )
    command = [VENV / "bin" / "uv", "pip", "install", "-q", "--python", PYTHON, "--require-hashes"]
    for lock in locks:
        command += ["-r", lock]
    index = pip_setting("index-url")
    settings = os.environ | ({"UV_INDEX_URL": index} if index else {})
    run(*command, env=settings)
    done(name, *locks)


def pip_setting(name: str) -> str:
    """What pip is set to use here: uv does not read pip's settings by itself."""
    found = subprocess.run(  # noqa: S603
        [str(PYTHON), "-m", "pip", "config", "get", f"global.{name}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return os.environ.get(f"PIP_{name.upper().replace('-', '_')}") or found.stdout.strip()


def assets() -> None:
    """Fetch the front-end packages and lay out what MAPRO serves of them."""
    sources = (
        ROOT / "package-lock.json", ROOT / "requirements.txt", ROOT / "bin" / "vendor",
    )  # fmt: skip
    if (ROOT / "static" / "vendor").is_dir() and fresh("assets", *sources):
        return
    say("Fetching front-end packages …")
    run(PYTHON, ROOT / "bin" / "vendor")
    done("assets", *sources)


def ready(*, dev: bool = False, extra: tuple[str, ...] = ()) -> None:
    """Everything that a checkout needs before MAPRO's own code can run."""
    system_packages(extra)
    python_packages(dev=dev)
    assets()


def go_on_inside() -> None:
    """Replace this process by the same command run by the virtual environment's Python."""
    if Path(sys.prefix).resolve() != VENV.resolve():
        script = str(sys.modules["__main__"].__file__)  # whole, whatever folder we are in now
        os.execv(PYTHON, [str(PYTHON), script, *sys.argv[1:]])  # noqa: S606
