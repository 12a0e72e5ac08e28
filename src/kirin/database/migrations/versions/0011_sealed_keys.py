"""secrets of keys, encrypted, where the operator wants signed tokens"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("keys", sa.Column("sealed", sa.LargeBinary(), nullable=True))
