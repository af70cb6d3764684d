"""What happened: past tense, closed set, one record each. The log keeps them for ever, so a field is never repurposed."""

from console.domain.events.calls import *  # noqa: F403
from console.domain.events.care import *  # noqa: F403
from console.domain.events.event import *  # noqa: F403
from console.domain.events.follow_ups import *  # noqa: F403
from console.domain.events.hand_offs import *  # noqa: F403
from console.domain.events.log_entry import *  # noqa: F403
from console.domain.events.neighbors import *  # noqa: F403
from console.domain.events.people import *  # noqa: F403
from console.domain.events.transitions import *  # noqa: F403
from console.domain.events.units import *  # noqa: F403
