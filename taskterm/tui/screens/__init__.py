"""Overlays: what opens above the views, asks one thing and goes away."""
