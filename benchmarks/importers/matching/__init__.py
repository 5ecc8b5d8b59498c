"""Suggestions of who is who, beside other ways to find them."""
