"""All that a database holds, so that two moments of it can be compared."""

from typing import Any

# What tells when a row was written, not what it says.
STAMPS = ("create_date", "write_date", "create_uid", "write_uid")
# Of the program that runs, not of what is installed.
VOLATILE = ("orm_signaling_", "bus_presence", "ir_cron_progress", "base_registry_")

_SCHEMA = {
    "relations": """
        SELECT relkind::text || ' ' || relname FROM pg_class
         WHERE relnamespace = 'public'::regnamespace
    """,
    "columns": """
        SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable,
                         column_default)
          FROM information_schema.columns WHERE table_schema = 'public'
    """,
    "constraints": """
        SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid))
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    """,
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "functions": """
        SELECT oid::regprocedure::text FROM pg_proc
         WHERE pronamespace = 'public'::regnamespace
    """,
    "triggers": """
        SELECT tgrelid::regclass || ' ' || tgname FROM pg_trigger WHERE NOT tgisinternal
    """,
    "types": """
        SELECT typname FROM pg_type
         WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
    """,
    "extensions": "SELECT extname FROM pg_extension",
}


def everything(cr: Any) -> dict[str, list[str]]:
    """{what: its rows, as sorted text}: the schema, and each table's rows.

    :param cr: Odoo's cursor, or one of psycopg2
    """
    found = {name: _rows(cr, query) for name, query in _SCHEMA.items()}
    for table in _rows(
        cr, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    ):
        if not table.startswith(VOLATILE):
            found[f"rows of {table}"] = rows_of(cr, table)
    return found


def rows_of(cr: Any, table: str) -> list[str]:
    """A table's rows as JSON, without their stamps and without order."""
    stamps = ", ".join(f"'{name}'" for name in STAMPS)
    return _rows(cr, f'SELECT (to_jsonb(t) - ARRAY[{stamps}])::text FROM "{table}" t')


def _rows(cr: Any, query: str) -> list[str]:
    cr.execute(query)
    return sorted(row[0] for row in cr.fetchall())
