"""A fact may be sealed, and is never changed otherwise."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_SEALED_ONLY = """
CREATE FUNCTION facts_sealed_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    personal CONSTANT text := CASE OLD.kind WHEN 'call_started' THEN 'caller' WHEN 'spoke' THEN 'text' END;
BEGIN
    IF personal IS NOT NULL
       AND (NEW.seq, NEW.at, NEW.call, NEW.kind, NEW.teller, NEW.told)
           IS NOT DISTINCT FROM (OLD.seq, OLD.at, OLD.call, OLD.kind, OLD.teller, OLD.told)
       AND NEW.body - personal = OLD.body - personal
       AND NEW.body->>personal LIKE 'sealed|%' AND OLD.body->>personal NOT LIKE 'sealed|%' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'facts is append-only: UPDATE is refused' USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER never_changed ON facts;
CREATE TRIGGER never_changed BEFORE UPDATE ON facts FOR EACH ROW EXECUTE FUNCTION facts_sealed_only();
"""


def upgrade() -> None:
    op.execute(_SEALED_ONLY)
