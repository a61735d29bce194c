"""What a list may be filtered and ordered by; each choice has its own address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from fullcredits.errors import NotFound


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose."""

    text: str
    value: str
    """As the address has it; "" for all."""
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Chooser:
    """A filter or an order, with what there is to choose."""

    name: str
    """In addresses."""
    label: str
    choices: tuple[Choice, ...]

    @property
    def chosen(self) -> Choice:
        """There is always one."""
        return next(choice for choice in self.choices if choice.chosen)


class State:
    """The choices made on a page, and how they are written in addresses."""

    def __init__(self, values: Mapping[str, str], address: Callable[..., str]) -> None:
        """`address` takes the values by name, and what else a page's address has."""
        self._values = values
        self._address = address

    def address(self, **changed: str | int) -> str:
        """The address of this state but for what is changed."""
        return self._address(**(dict(self._values) | changed))

    def chooser(self, name: str, label: str, choices: Iterable[tuple[str, str]]) -> Chooser:
        """Of (value, text) pairs. Raises NotFound when what is chosen is not among them."""
        chosen = self._values[name]
        made = tuple(
            Choice(text, value, self.address(**{name: value}), value == chosen)
            for value, text in choices
        )
        if not any(choice.chosen for choice in made):
            raise NotFound(f"There is no {label.lower()} “{chosen}” here.")
        return Chooser(name, label, made)
