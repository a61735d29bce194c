"""Who may see the pages: whoever knows their password, remembered by sessions."""

from fullcredits.access.entrance import Admission, Entrance

__all__ = ["Admission", "Entrance"]
