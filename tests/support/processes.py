"""Who runs below whom, as Linux tells it."""

from pathlib import Path


def children(pid: int) -> list[int]:
    """The processes that this one started, oldest first; none if it is gone."""
    try:
        lists = [task.joinpath("children").read_text() for task in Path(f"/proc/{pid}/task").iterdir()]
    except (FileNotFoundError, ProcessLookupError):
        return []
    return sorted(int(child) for text in lists for child in text.split())


def command(pid: int) -> str:
    """How a process was started; empty if it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def web_workers(pid: int) -> list[int]:
    """The processes that answer requests: children of the server but for the one that works by the clock."""
    return [child for child in children(pid) if not command(child).endswith("classroom worker")]
