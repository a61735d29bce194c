"""Syncing: what a server has, into the database."""
