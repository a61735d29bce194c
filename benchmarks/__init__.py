"""Measurements: how fast, and how right."""
