"""Conditions on lists of values of any length."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Dialect, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import Boolean, Text, TypeDecorator, TypeEngine


class among(ColumnElement[bool]):  # noqa: N801 - reads as an operator
    """Whether a column has one of these values: integers, or texts without a NUL.

    The list is one value of the statement. `IN (?, ?, …)` would be another statement for every
    length there is, each worded, prepared and kept anew, and databases limit the marks.
    """

    inherit_cache = True
    type = Boolean()
    _is_implicitly_boolean = True
    _traverse_internals = [  # noqa: RUF012 - as the base class has it
        ("column", InternalTraversal.dp_clauseelement),
        ("values", InternalTraversal.dp_clauseelement),
    ]

    def __init__(
        self, column: ColumnElement[Any], values: Iterable[Any] | BindParameter[list[Any]]
    ) -> None:
        """`values` may be a parameter of a statement that is made once, of `values_type`."""
        self.column = column
        self.values: BindParameter[list[Any]]
        if isinstance(values, BindParameter):
            self.values = values
        else:
            self.values = bindparam(None, list(values), type_=values_type(column), unique=True)


def values_type(column: ColumnElement[Any]) -> TypeEngine[list[Any]]:
    """Of the list of values of a column."""
    return _List(column.type)


class _List(TypeDecorator[list[Any]]):
    """A list as the database takes it: an array, or JSON."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(self.item))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: list[Any] | None, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else json.dumps(value)


@compiles(among, "sqlite")
def _in_json(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = compiler.process(element.column, **kw), compiler.process(element.values, **kw)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608


@compiles(among, "postgresql")
def _in_array(element: among, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = compiler.process(element.column, **kw), compiler.process(element.values, **kw)
    return f"{column} = ANY ({values})"
