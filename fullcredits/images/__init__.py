"""Pictures: fetched once from their source, checked, kept on disk, given in fixed widths.

A browser asks only us, so it learns neither a server's address nor its token, and pages keep
their pictures while the servers are switched off.
"""
