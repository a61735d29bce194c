"""Setting sources up: finding servers, signing in, adding, checking, changing, forgetting them.

What the command line asks step by step and what the page "Servers" has as forms both end here.
"""

from fullcredits.setup.desk import Desk
from fullcredits.setup.doors import Doors
from fullcredits.setup.joining import Joining, Step
from fullcredits.setup.values import Checked, Login, Onlooker, Overview, Settings

__all__ = [
    "Checked",
    "Desk",
    "Doors",
    "Joining",
    "Login",
    "Onlooker",
    "Overview",
    "Settings",
    "Step",
]
