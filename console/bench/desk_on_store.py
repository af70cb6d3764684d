"""In a process of its own: the desk as it starts with a hub of its own, on a store that is there already."""

import gc
import sys
from pathlib import Path

from console.ui import folders, program
from console.ui.options import Options

if __name__ == "__main__":
    gc.disable()  # as the command that starts a desk does
    held = Path(sys.argv[1])
    setattr(folders, "new_exercise_folder", lambda _below: held)  # noqa: B010  before the desk's own hub asks for one

    sys.exit(program.run(Options(configuration=Path(sys.argv[2]), exercise=True, say_when_ready=True)))
