"""Find what the tests need beside Python, and install what is missing with the system's packages.

`engines` as an argument asks for the second browser engine as well.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

PACKAGES = {
    "PostgreSQL": "postgresql",
    "Chromium": "chromium",
    "pdftotext": "poppler-utils",
    "WebKitGTK": "webkit2gtk-driver",
    "Xvfb": "xvfb",
}
BROWSERS = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")


def find_chromium() -> str | None:
    """The browser for the tests; CHROMIUM names one, and one inside a snap cannot see our files."""
    for name in filter(None, (os.environ.get("CHROMIUM"), *BROWSERS)):
        found = shutil.which(name)
        if found and not _is_snap(Path(found)):
            return found
    return _playwrights_own()


def find_postgresql() -> Path | None:
    """The folder with the newest `initdb` and `postgres`, which Debian keeps off the path."""
    on_path = shutil.which("initdb")
    folders = [
        *Path("/usr/lib/postgresql").glob("*/bin"),
        *([Path(on_path).resolve().parent] if on_path else []),
    ]
    fit = [folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()]
    return max(fit, key=_major, default=None)


def missing(*, engines: bool = False) -> list[str]:
    """What a full run of the tests would not find; with the second browser engine if asked for."""
    found = {
        "PostgreSQL": find_postgresql(),
        "Chromium": find_chromium(),
        "pdftotext": shutil.which("pdftotext"),
    }
    if engines:
        found |= {"WebKitGTK": shutil.which("WebKitWebDriver"), "Xvfb": shutil.which("Xvfb")}
    return [name for name, place in found.items() if place is None]


def main() -> int:
    """Install what is missing; say plainly what to do where that is impossible."""
    engines = "engines" in sys.argv[1:]
    wanted = missing(engines=engines)
    if not wanted:
        return 0
    packages = [PACKAGES[name] for name in wanted]
    if not shutil.which("apt-get"):
        return _give_up(wanted, f"install {', '.join(packages)} with this system's packages")
    for command in _commands(packages):
        print("  " + " ".join(command), flush=True)
        if subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False).returncode:
            return _give_up(wanted, f"as the administrator: apt-get install {' '.join(packages)}")
    if still := missing(engines=engines):
        return _give_up(still, f"still missing: {', '.join(still)}; CHROMIUM=/path names a browser elsewhere")
    return 0


def _commands(packages: Sequence[str]) -> Iterator[list[str]]:
    root = [] if os.geteuid() == 0 or not shutil.which("sudo") else ["sudo"]
    yield [*root, "apt-get", "update", "-qq"]
    from_playwright = "chromium" in packages and not _has_real_package("chromium")
    by_apt = [name for name in packages if not (from_playwright and name == "chromium")]
    if by_apt:
        quiet = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-qq", "-y"]
        yield [*quiet, "--no-install-recommends", *by_apt]
    if from_playwright:
        yield [sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]


def _has_real_package(name: str) -> bool:
    """Whether the archive has the program itself: Ubuntu's `chromium` only points to a snap."""
    if "ID=ubuntu" in Path("/etc/os-release").read_text(encoding="utf-8").splitlines():
        return False
    return subprocess.run(["apt-cache", "show", name], capture_output=True, check=False).returncode == 0


def _is_snap(program: Path) -> bool:
    real = program.resolve()
    if "snap" in real.parts or "snap" in program.parts:
        return True
    with real.open("rb") as file:
        head = file.read(4096)
    return head.startswith(b"#!") and b"/snap/" in head


def _playwrights_own() -> str | None:
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache/ms-playwright")
    return next((str(path) for path in sorted(cache.glob("chromium-*/chrome-linux*/chrome"), reverse=True)), None)


def _major(folder: Path) -> int:
    """The major version: `postgres (PostgreSQL) 15.18 (Debian …)` is 15."""
    version = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    number = re.search(r"\) (\d+)", version.stdout)
    return int(number[1]) if number else 0


def _give_up(wanted: Sequence[str], what: str) -> int:
    print(f"The tests need {', '.join(wanted)}. Please {what}.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
