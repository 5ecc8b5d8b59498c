"""Invented organisations of any size, the same ones for the same seed."""
