"""What alembic runs: the steps, on the connection that db.migrate gives."""

from alembic import context

from db.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
