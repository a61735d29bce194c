"""Write the forms of the recordings down: `python -m tests.contract.forms.learn`."""

from __future__ import annotations

from tests.contract.forms.known import FOLDER, SETS, written

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in SETS:
        (FOLDER / f"{name}.txt").write_text(written(name))
