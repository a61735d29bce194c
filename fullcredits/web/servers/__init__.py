"""The page "Servers": adding media servers, testing, changing, removing them."""

from fullcredits.web.servers.routes import routes

__all__ = ["routes"]
