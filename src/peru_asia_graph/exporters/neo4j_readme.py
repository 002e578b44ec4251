"""The README of the Neo4j folder: how to import it, with example queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_TEXT: Final = """# Neo4j

Written by `pag export -f neo4j`. To import into an empty Neo4j 5 database, run in this folder:

```sh
neo4j-admin database import full neo4j --overwrite-destination \\
  --id-type=string --multiline-fields=true --array-delimiter=U+001F \\
{arguments}
```

The values of lists are separated by U+001F (unit separator), because names may contain a semicolon; with `LOAD CSV`,
use `split(row.citations, '\\u001F')`.

Things are `Entity` nodes with their class as a second label (`Firm`, `HydrocarbonBlock` …). Statements with more than
two ends are nodes (`Event`, `Investment`, `Observation` …); a stake is an `OWNS` relationship, a computed share through
chains an `EFFECTIVELY_OWNS` relationship. Each has its `source`; `citations` are ids of `Citation` nodes. Statements of
several sources are side by side and never added up:

```cypher
MATCH (owner)-[stake:OWNS]->(:Entity {{label: 'Block 8'}})
RETURN stake.source, owner.label, stake.share_percent, stake.basis, stake.citations
ORDER BY stake.source, stake.share_percent DESC;

MATCH (party:Entity {{label: 'Peru'}})<-[:PARTY]-(record:AgreementRecord)-[:RECORD_OF]->(agreement)
RETURN agreement.label, record.source, record.signed_on, record.in_force_on ORDER BY agreement.label;
```
"""


def readme(files: Sequence[str]) -> str:
    """Return the README for a folder with these files of nodes and relationships."""
    arguments = [f"  --{name.partition('/')[0]}={name}" for name in files]
    return _TEXT.format(arguments=" \\\n".join(arguments))
