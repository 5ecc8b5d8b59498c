# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""How far a run is, how long it takes, and who is told."""
