"""The runner: makes runs happen. `start.py` is what front ends call, `supervisor.py` is the process that works then."""
