"""A pretend plex.tv: signing in by a code, and the servers of an account."""

from fullcredits.simulate.plextv.account import DEFAULT_ACCOUNT_TOKEN, Account, Offered, Way
from fullcredits.simulate.plextv.app import plextv_app
from fullcredits.simulate.plextv.found import offered_at

__all__ = ["DEFAULT_ACCOUNT_TOKEN", "Account", "Offered", "Way", "offered_at", "plextv_app"]
