"""What Alembic runs to reach a revision, on the connection that `store.upgrade` gives it."""

from __future__ import annotations

from alembic import context

from fullcredits.store.schema import metadata

# The metadata names the constraints that a revision leaves unnamed. Batches rebuild a table
# where SQLite cannot alter it.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
