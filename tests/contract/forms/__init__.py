"""The form of real servers' answers: which fields, of which types, always or sometimes, in which
order. No content: the recordings it was learnt from are not part of the project.

`recorded/*.txt` hold it, a block for each kind of answer; `python -m tests.contract.forms.learn`
writes them anew from the recordings.
"""
