"""Set up, run and test the HEART console: ``python3 packaging/dev.py setup | run [ARGS] | test [ARGS]``.

Any Python can read this file, so that an old one says what it needs instead of stumbling over newer syntax.
"""

import shutil
import sys

OLDEST = (3, 11)


def complaint_about(version, which=None):
    """Say why a Python of this version will not do; None when it will.

    ``version`` begins with major and minor; ``which`` finds a program on the path.
    """
    if tuple(version[:2]) >= OLDEST:
        return None
    which = which or getattr(shutil, "which", lambda _name: None)
    newer = [name for name in ("python3.%d" % minor for minor in range(14, 10, -1)) if which(name)]
    advice = (
        "This machine has %s: use that in its place." % newer[0]
        if newer
        else "Install a newer Python beside this one and start the same command with it."
    )
    return "The HEART console needs Python %d.%d or newer; this is Python %d.%d. Nothing was changed. %s" % (
        OLDEST + tuple(version[:2]) + (advice,)
    )


def main(arguments, version=sys.version_info):
    """Check this Python, then do what was asked; gives the exit code."""
    complaint = complaint_about(version)
    if complaint:
        sys.stderr.write(complaint + "\n")
        return 2
    import commands  # only now: the rest is written for the Python that the product needs

    return commands.main(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
