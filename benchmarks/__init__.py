"""Measurements against named peers and a floor, as ratios within one run."""
