"""How each suite is run and counted."""
