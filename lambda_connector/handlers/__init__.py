"""What AWS calls. Thin: each handler turns an event into one call of the logic."""
