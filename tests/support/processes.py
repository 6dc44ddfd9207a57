"""Who runs below whom, as Linux tells it."""

from pathlib import Path


def children(pid: int) -> list[int]:
    """The processes that this one started, oldest first; none if it is gone."""
    try:
        lists = [task.joinpath("children").read_text() for task in Path(f"/proc/{pid}/task").iterdir()]
    except (FileNotFoundError, ProcessLookupError):
        return []
    return sorted(int(child) for text in lists for child in text.split())


def descendants(pid: int) -> list[int]:
    """The same with the children's children."""
    found = children(pid)
    return found + [each for child in found for each in descendants(child)]


def command(pid: int) -> str:
    """How a process was started; empty if it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def web_workers(pid: int) -> list[int]:
    """The gunicorn workers below a process: children of the one that is gunicorn and has children."""
    servers = [each for each in (pid, *descendants(pid)) if "gunicorn" in command(each)]
    return [child for server in servers for child in children(server)]
