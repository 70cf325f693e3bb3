"""Instants, schedules, durations and zones, as pages write them."""
