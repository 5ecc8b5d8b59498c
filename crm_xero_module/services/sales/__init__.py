# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What customers bought and owe, worked out of the mirror alone."""
