"""What is true: records and rules. Pure: no I/O and no clock; the time and the zone are arguments."""
