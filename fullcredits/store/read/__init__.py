"""What pages need from the database: explicit columns, typed rows, no query per row.

One module per subject; each function asks once, whatever the number of rows.
"""
