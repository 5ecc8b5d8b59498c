"""The whole product running on one machine, and the main job done on it."""
