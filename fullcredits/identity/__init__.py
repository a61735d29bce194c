"""Who is who: from evidence to decisions, without a database or a network.

The store gathers facts, the functions here decide, the store keeps the decision. The same facts
give the same decision, in whatever order they came.
"""
