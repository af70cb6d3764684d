"""How much memory, and how much processor time, a process has taken: by the operating system's own account."""

import psutil


def resident_bytes(pid: int) -> int:
    """Resident set of a process, in bytes."""
    return int(psutil.Process(pid).memory_info().rss)


def processor_s(pid: int) -> float:
    """Processor seconds, user and system, of a process and of the children it has now."""
    process = psutil.Process(pid)
    times = [p.cpu_times() for p in (process, *process.children(recursive=True))]
    return float(sum(t.user + t.system for t in times))
