"""Runs the migrations on the connection that ``Database.migrate`` gives."""

from alembic import context

from kirin.database.tables import tasks

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=tasks.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
