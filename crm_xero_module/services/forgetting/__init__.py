# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What goes: after a while, with a connection, with the module."""
