# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whether connections work, and whom it concerns where they do not."""
