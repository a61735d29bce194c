"""The database: the only place that knows SQL."""

from sqlalchemy import Connection

from fullcredits.store.engine import Store

__all__ = ["Connection", "Store"]
