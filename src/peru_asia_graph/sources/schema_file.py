"""Reads the JSON files that describe tables: the schema of a table, in CSV on the Web."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from peru_asia_graph.errors import BadInput, Problem
from peru_asia_graph.paths import find_project

Schema = Mapping[str, Any]


def read_schema(table: str, folders: Sequence[Path]) -> Schema:
    """Return the schema of a table from the first folder that has it, or a schema without columns if none has."""
    file = next((path for folder in folders if (path := folder / f"{table}.json").is_file()), None)
    return check_schema(read_json(file), file) if file else {"columns": []}


def check_schema(schema: Any, file: Path) -> Schema:
    """Return a schema; raise BadInput if it has no primary key or no list of named columns."""
    columns, key = (schema.get("columns"), schema.get("primaryKey")) if isinstance(schema, dict) else (None, None)
    if not isinstance(key, str) and not (isinstance(key, list) and all(isinstance(one, str) for one in key)):
        columns = None
    if isinstance(columns, list) and all(isinstance(one, dict) and "name" in one for one in columns):
        return dict(schema)
    message = "not a CSV on the Web schema with a 'primaryKey' and 'columns', each with a 'name'"
    raise _refuse(file, message, "see data/README.md")


def read_json(path: Path) -> Any:
    """Return the content of a JSON file; raise BadInput if it cannot be read."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise _refuse(path, f"not JSON ({error.msg})", "correct it", error.lineno) from error
    except UnicodeDecodeError as error:
        raise _refuse(path, "not UTF-8", "save the file as UTF-8") from error
    except RecursionError as error:
        raise _refuse(path, "not JSON (nested too deeply)", "correct it") from error
    except OSError as error:
        message = f"the file cannot be read ({error.strerror})"
        raise _refuse(path, message, "correct its name or its permissions") from error


def _refuse(path: Path, message: str, remedy: str, line: int = 0) -> BadInput:
    return BadInput([Problem(find_project().shown(path), line, "", message, remedy)])
