"""What identity needs from the database, and keeping what it decided."""
