"""Write the reference from the code and the question, table and schema files: ``make docs``.

``tests/test_docs.py`` compares the pages of this folder with what this script makes.
"""

from __future__ import annotations

import csv
import inspect
import json
import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import groupby, pairwise, takewhile
from operator import itemgetter
from pathlib import Path
from types import FunctionType
from typing import Any, Final

from peru_asia_graph.vocabulary import ONTOLOGY, local

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1]
# The kinds of class members that are documented.
DESCRIBED: Final = (FunctionType, property, cached_property)
MADE: Final = "<!-- Made by docs/reference/make.py; do not edit. -->"


def commands() -> Iterator[str]:
    """Yield the help of every command."""
    import click

    from peru_asia_graph.cli import pag

    yield """# Commands

The help of `pag` and of each command. Exit codes: 0 success, 1 a check found problems, 2 wrong usage or bad input,
3 invalid query, 4 store not reachable. Bash completion: `eval "$(_PAG_COMPLETE=bash_source pag)"`.
"""
    # As on a terminal of 80 columns; click leaves two of them empty.
    context = click.Context(pag, info_name="pag", terminal_width=78, **pag.context_settings)
    yield f"```text\n{pag.get_help(context)}\n```"
    for name in pag.list_commands(context):
        command = pag.get_command(context, name)
        assert command is not None
        text = command.get_help(click.Context(command, context, name, terminal_width=78))
        yield f"\n## pag {name}\n\n```text\n{text}\n```"


def questions() -> Iterator[str]:
    """Yield every named question: what it answers, its parameters, an example and its columns."""
    import peru_asia_graph

    kg = peru_asia_graph.load()
    yield """# Questions

Named questions with parameters, for `pag ask`, `kg.ask` and the site of `pag serve`. Each is a SPARQL file in
`ontology/questions/`. Kinds of parameters: `entity` (a name or slug; a parameter called `asset`, `sector` … accepts
entities of that kind only), `entity/any` (any entity), `source`, `year`, `date` (a year, month or day), `number`,
`text` and `code/LIST` (a code of that list, or its label). `pag questions NAME` lists the codes,
`pag ask NAME -p PARAMETER=?` the values of a parameter."""
    for theme, found in kg.questions.by_theme().items():
        yield f"\n**{theme}**\n\n| Question | Answers |\n|---|---|"
        yield from (f"| [`{one.name}`](#{one.name}) | {one.title} |" for one in found)
    for name, question in kg.questions.items():
        yield f"\n## {name}\n\n{question.title} {question.fields['description']}\n"
        if question.parameters:
            yield "| Parameter | Kind | Default | Meaning |\n|---|---|---|---|"
            for one in question.parameters:
                default = f"`{one.default}`" if one.default else "required"
                yield f"| `{one.name}` | {one.kind} | {default} | {one.description} |"
            yield ""
        example = question.fields["example"]
        given = (word.partition("=") for before, word in pairwise(shlex.split(example)) if before == "-p")
        columns = kg.ask(name, **{key: value for key, _, value in given}).variables
        yield f"Example: `{example}`\n\nColumns: {listed(columns)}"


def tables() -> Iterator[str]:
    """Yield the flat tables of the exports and the tables of a source."""
    yield """# Tables

## Flat tables

Written by `pag build` to `exports/tables/` and by `pag export -f csv --table NAME`: UTF-8, sorted by id; `;` separates
several values in a cell.

| Table | Contents | Columns |
|---|---|---|"""
    for query in sorted((ROOT / "ontology" / "tables").glob("*.rq")):
        comments = takewhile(lambda line: line.startswith("# "), query.read_text("utf-8").splitlines())
        holds = " ".join(line[2:] for line in comments if not re.match(r"# (\w+:|merged$)", line))
        with (ROOT / "exports" / "tables" / f"{query.stem}.csv").open(encoding="utf-8", newline="") as file:
            yield f"| `{query.stem}` | {holds} | {listed(next(csv.reader(file)))} |"
    yield """
## Tables of a source

The CSV files of a source in `data/`, as defined by the schemas in `data/schema/`. In the column *Type*, `id` is the id
of a row of any table; another word in code font is a code list; *list* means several values separated by `;`."""
    definitions = read_definitions()
    for path in sorted((ROOT / "data" / "schema").glob("*.json")):
        schema = json.loads(path.read_text("utf-8"))
        yield f"\n### {path.stem}\n\n{schema['dc:description']}\n"
        yield "| Column | Type | Required | Meaning |\n|---|---|---|---|"
        yield from (describe_column(one, definitions) for one in schema["columns"] if not one.get("virtual"))
    yield from terms(definitions)


def terms(definitions: dict[str, str]) -> Iterator[str]:
    """Yield the classes, relations and codes that columns accept."""
    yield """
## Classes

Accepted in `type` of `entities.csv`: the classes in use and their subclasses.

| Class | Meaning |
|---|---|"""
    yield from (f"| `{local(one)}` | {definitions.get(one, '')} |" for one in sorted(classes_in_use()))
    yield """
## Relations

Accepted in `relation` of `relations.csv`: the relations in use.

| Relation | Meaning |
|---|---|"""
    for name in sorted(used("relations", "relation")):
        yield f"| `{name}` | {definitions.get(ONTOLOGY + name, '')} |"
    yield """
## Codes

The code lists; `data/reference/concepts.csv` has the meanings.

| List | Codes |
|---|---|"""
    with (ROOT / "data" / "reference" / "concepts.csv").open(encoding="utf-8", newline="") as file:
        codes = sorted((row["scheme"], row["slug"]) for row in csv.DictReader(file))
    yield from (f"| `{name}` | {listed(slug for _, slug in rows)} |" for name, rows in groupby(codes, itemgetter(0)))


def used(table: str, column: str) -> set[str]:
    """Return the values of a column in the tables of that name of all sources."""
    found: set[str] = set()
    for path in (ROOT / "data").glob(f"*/{table}.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            found |= {row[column] for row in csv.DictReader(file)}
    return found


def classes_in_use() -> set[str]:
    """Return the IRIs of the classes used in ``entities.csv``, and of their subclasses."""
    from rdflib import RDFS, Graph, URIRef

    ontology = Graph().parse(ROOT / "ontology" / "peru-asia.ttl")
    tops = [URIRef(ONTOLOGY + name) for name in used("entities", "type")]
    return {str(below) for top in tops for below in ontology.transitive_subjects(RDFS.subClassOf, top)}


def listed(names: Iterable[str]) -> str:
    """Return names in code font, separated by commas."""
    return ", ".join(f"`{name}`" for name in names)


def read_definitions() -> dict[str, str]:
    """Return the English definition of every ontology term by its IRI."""
    from rdflib import SKOS, Graph

    ontology = Graph().parse(ROOT / "ontology" / "peru-asia.ttl")
    found = ((str(term), text) for term, text in ontology.subject_objects(SKOS.definition))
    return {term: str(text) for term, text in found if getattr(text, "language", None) in ("en", None)}


def describe_column(column: dict[str, Any], definitions: dict[str, str]) -> str:
    """Return the row for a column; its meaning comes from the schema, else from its property."""
    address = column.get("propertyUrl", "")
    meaning = column.get("dc:description") or definitions.get(address) or (f"`{address}`" if address else "")
    datatype = column.get("datatype", "string")
    kind = datatype if isinstance(datatype, str) else "EDTF date" if "EDTF" in str(datatype) else datatype["base"]
    link = re.match(r"https://w3id.org/peru-asia-graph/(?:(id)|code/([\w-]+))/\{", column.get("valueUrl", ""))
    if link or column["name"] == "id":
        kind = f"`{link[2]}`" if link and link[2] else "`id`"
    many = ", list" if "separator" in column else ""
    return f"| `{column['name']}` | {kind}{many} | {'yes' if column.get('required') else ''} | {meaning} |"


def networks() -> Iterator[str]:
    """Yield the networks and the attributes of their nodes and edges."""
    yield """# Networks

For `pag network NAME`, `kg.network(NAME)` and the files in `exports/networks/`. Nodes are ids of entities, edge keys
ids of statements. Attributes without a known value are absent.

| Network | Contents |
|---|---|"""
    folder = ROOT / "ontology" / "networks"
    for path in sorted(folder.glob("*.rq")):
        fields = dict(re.findall(r"^# (title|description): (.*)$", path.read_text("utf-8"), re.MULTILINE))
        if fields:
            yield f"| `{path.stem}` | {fields['title']}. {fields['description']} |"
    for title, rows in json.loads((folder / "attributes.json").read_text("utf-8")).items():
        yield f"\n## {title}\n\n| Attribute | Type | Meaning |\n|---|---|---|"
        yield from (f"| `{one['name']}` | {one['type']} | {one['meaning']} |" for one in rows)
    yield """
## Notes

* Gephi opens the GEXF files as dynamic graphs: the timeline filters by year; elements without a year are always shown.
* igraph has no absent values: it reads an absent number as `nan` and an absent text as `""`. Exclude `nan` before
  adding up shares.
* Findings, claims, discrepancies and figures about a single entity do not link two entities and are in no network; the
  RDF has them. Stakes without a stated share have no `share`."""


def python() -> Iterator[str]:
    """Yield the public Python API with its docstrings."""
    import peru_asia_graph
    from peru_asia_graph import errors, ownership
    from peru_asia_graph.graph import KnowledgeGraph
    from peru_asia_graph.query.cards import Card
    from peru_asia_graph.store.results import Result
    from peru_asia_graph.views.html_view import View

    yield f"# Python API\n\n## peru_asia_graph\n\n{docstring(peru_asia_graph)}"
    yield from (describe(name, getattr(peru_asia_graph, name)) for name in sorted(peru_asia_graph.__all__))
    for kind in (KnowledgeGraph, Result, Card, View):
        yield f"\n## {kind.__name__}\n\n{docstring(kind)}"
        # Including inherited methods.
        bases = [one for one in kind.__mro__ if one.__module__.startswith("peru_asia_graph")]
        members = {name: one for base in bases for name, one in vars(base).items() if not name.startswith("_")}
        yield from (describe(name, one) for name, one in members.items() if isinstance(one, DESCRIBED))
    yield f"\n## peru_asia_graph.ownership\n\n{docstring(ownership)}"
    yield "\nThe examples begin with this line:\n\n```pycon\n>>> from peru_asia_graph.ownership import *\n```"
    yield from (describe(name, getattr(ownership, name)) for name in ownership.__all__)
    yield f"\n## peru_asia_graph.errors\n\n{docstring(errors)}"


def describe(name: str, thing: Any) -> str:
    """Return a heading, the signature of a function, and the docstring."""
    lines = [f"\n### {name}\n"]
    if inspect.isfunction(thing):
        signature = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(inspect.signature(thing)))
        lines.append(f"```python\n{name}{re.sub(r'^.self(, )?', '(', signature)}\n```\n")
    return "\n".join([*lines, docstring(thing)])


def docstring(thing: Any) -> str:
    """Return a docstring as Markdown: fenced doctests, names in single backticks, numpydoc sections as lists."""
    text = (inspect.getdoc(thing) or "").replace("``", "`")
    text = re.sub(r"^(\w+)\n-{3,}\n", r"**\1**\n\n", text, flags=re.MULTILINE)
    text = re.sub(r"^(\w+)\n {4}(?=\S)", r"- `\1`: ", text, flags=re.MULTILINE)
    return re.sub(r"(?<=\n\n)(>>> .*?)(?=\n\n|\Z)", r"```pycon\n\1\n```", text, flags=re.DOTALL)


PAGES: Final[dict[str, Callable[[], Iterator[str]]]] = {
    f"{make.__name__}.md": make for make in (commands, questions, tables, networks, python)
}


def make_page(name: str) -> str:
    """Return the text of one page."""
    title, _, text = "\n".join(PAGES[name]()).partition("\n\n")
    return f"{title}\n\n{MADE}\n\n{text}\n"


if __name__ == "__main__":
    for page in PAGES:
        (HERE / page).write_text(make_page(page), "utf-8")
