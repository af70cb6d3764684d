"""What somebody wants done: imperative, closed set. `decide` answers each with events or with a rejection."""

from console.domain.commands.calls import *  # noqa: F403
from console.domain.commands.care import *  # noqa: F403
from console.domain.commands.command import *  # noqa: F403
from console.domain.commands.delivery import *  # noqa: F403
from console.domain.commands.follow_ups import *  # noqa: F403
from console.domain.commands.hand_offs import *  # noqa: F403
from console.domain.commands.neighbors import *  # noqa: F403
from console.domain.commands.order import *  # noqa: F403
from console.domain.commands.people import *  # noqa: F403
from console.domain.commands.transitions import *  # noqa: F403
from console.domain.commands.units import *  # noqa: F403
