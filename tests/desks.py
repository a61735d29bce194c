"""A desk for an installation in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fullcredits.config import Config
from fullcredits.setup import Desk
from fullcredits.store import Store
from fullcredits.store.secrets import Secrets


def desk_of(store: Store, folder: Path, **settings: Any) -> Desk:
    """For this store; the key and the client's id are in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return Desk(Config(data_dir=folder, **settings), store, Secrets(folder))
