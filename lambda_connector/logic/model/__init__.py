"""The things the connector remembers, as immutable values."""
