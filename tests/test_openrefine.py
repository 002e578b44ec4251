"""A real OpenRefine over HTTP: names in a table are reconciled, columns fetched and judgements exported."""

from __future__ import annotations

import csv
import http.cookiejar
import io
import json
import shutil
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest

import servers

TABLE: Final = """name,country
CNPC,China
Block 8 Oil and Gas Field,Peru
Petróleos del Perú,Peru
Nothing of That Name,Peru
Shougang Hierro Perú S.A.A.,Peru
"""
ALL_ROWS: Final = json.dumps({"facets": [], "mode": "row-based"})
BOUNDARY: Final = "----boundary----"
# OpenRefine is started for these tests.
pytestmark = pytest.mark.slow


class OpenRefine:
    """A running OpenRefine with one project, created from a table."""

    def __init__(self, address: str, table: str) -> None:
        self.address = address
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        fields = {"project-name": "names", "format": "text/line-based/*sv",
                  "options": json.dumps({"separator": ",", "encoding": "UTF-8"})}  # fmt: skip
        parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in fields.items()]
        parts.append(f'Content-Disposition: form-data; name="project-file"; filename="t.csv"\r\n\r\n{table}')
        body = "".join(f"--{BOUNDARY}\r\n{part}\r\n" for part in parts) + f"--{BOUNDARY}--\r\n"
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        with self.send("create-project-from-upload", body.encode(), kind) as answer:
            self.project = urllib.parse.parse_qs(urllib.parse.urlsplit(answer.url).query)["project"][0]

    def get(self, command: str, **given: object) -> Any:
        """Return the response of a read-only command."""
        with self.opener.open(f"{self.address}/command/core/{command}?{urllib.parse.urlencode(given)}") as answer:
            return json.load(answer)

    def send(self, command: str, body: bytes, kind: str) -> Any:
        """Send a command that changes something."""
        token = urllib.parse.quote(self.get("get-csrf-token")["token"])
        address = f"{self.address}/command/core/{command}?csrf_token={token}"
        return self.opener.open(urllib.request.Request(address, body, {"Content-Type": kind}))

    def do(self, command: str, **given: object) -> Any:
        """Run a command on all rows of the project and wait for it to finish; return the response as text."""
        given = {"project": self.project, "engine": ALL_ROWS} | given
        form = urllib.parse.urlencode(
            {name: one if isinstance(one, str) else json.dumps(one) for name, one in given.items()}
        )
        with self.send(command, form.encode(), "application/x-www-form-urlencoded") as answer:
            found = answer.read().decode()
        while self.get("get-processes", project=self.project)["processes"]:
            time.sleep(0.2)
        return found

    def rows(self) -> list[dict[str, Any]]:
        """Return the values of all cells by column name."""
        columns = self.get("get-models", project=self.project)["columnModel"]["columns"]
        places = {column["name"]: column["cellIndex"] for column in columns}
        found = self.get("get-rows", project=self.project, start=0, limit=100)["rows"]
        cells = [[cell and cell.get("v") for cell in row["cells"]] for row in found]
        return [{name: row[at] if at < len(row) else None for name, at in places.items()} for row in cells]

    def judged(self) -> dict[str, tuple[str, str, list[str]]]:
        """Return the result for each name: the judgement, the id, and the candidates left for manual review."""
        found = self.get("get-rows", project=self.project, start=0, limit=100)
        judged = {}
        for row in found["rows"]:
            one = found["pool"]["recons"][str(row["cells"][0]["r"])]
            candidates = [candidate["id"] for candidate in one.get("c", [])]
            judged[row["cells"][0]["v"]] = (one["j"], (one.get("m") or {}).get("id", ""), candidates)
        return judged


@pytest.fixture(scope="module")
def refine(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenRefine]:
    program = shutil.which("openrefine")
    if program is None:
        pytest.skip("openrefine is not installed")
    folder, port = tmp_path_factory.mktemp("openrefine"), servers.free_port()
    options = ["-p", str(port), "-i", "127.0.0.1", "-d", str(folder), "-m", "512m", "-x", "refine.headless=true"]
    with servers.running([program, *options], port, patience=180):
        refine = OpenRefine(f"http://127.0.0.1:{port}", TABLE)
        refine.do("reconcile", columnName="name", config=service(site))
        yield refine


def service(site: str) -> Mapping[str, Any]:
    """Return the service description that OpenRefine needs; the identifier and schema spaces come from the manifest."""
    with urllib.request.urlopen(f"{site}/reconcile") as answer:
        manifest = json.load(answer)
    spaces = {name: manifest[name] for name in ("identifierSpace", "schemaSpace")}
    return {"mode": "standard-service", "service": f"{site}/reconcile", **spaces, "type": None, "autoMatch": True,
            "columnDetails": [], "limit": 5}  # fmt: skip


def test_names_are_matched_and_unsure_ones_left_for_review(refine: OpenRefine) -> None:
    judged = refine.judged()
    assert {name: one[:2] for name, one in judged.items()} == {
        "CNPC": ("matched", "cnpc"),
        "Block 8 Oil and Gas Field": ("matched", "block-8"),
        "Petróleos del Perú": ("none", ""),
        "Nothing of That Name": ("none", ""),
        "Shougang Hierro Perú S.A.A.": ("matched", "shougang-hierro-peru"),
    }
    assert "petroperu" in judged["Petróleos del Perú"][2]


def test_judgements_are_exported_in_the_form_the_match_command_reads(refine: OpenRefine) -> None:
    for column, expression in (("judgement", "cell.recon.judgment"), ("match", "cell.recon.match.id")):
        refine.do("add-column", baseColumnName="name", expression=f"grel:{expression}", newColumnName=column,
                  columnInsertIndex="1", onError="set-to-blank")  # fmt: skip
    exported = list(csv.DictReader(io.StringIO(refine.do("export-rows/names.csv", format="csv"))))
    assert [(row["match"], row["judgement"]) for row in exported] == [
        ("cnpc", "matched"), ("block-8", "matched"), ("", "none"), ("", "none"), ("shougang-hierro-peru", "matched"),
    ]  # fmt: skip


def test_columns_are_fetched_row_by_row(site: str, refine: OpenRefine) -> None:
    """The owners of Block 8, from the paper and GEM, each with share and source in the same row."""
    properties = [{"id": one, "name": one} for one in ("owner", "owner-share", "owner-source", "owner-citation")]
    chosen = service(site)
    refine.do("extend-data", baseColumnName="name", endpoint=chosen["service"], columnInsertIndex="1",
              identifierSpace=chosen["identifierSpace"], schemaSpace=chosen["schemaSpace"],
              extension={"properties": properties})  # fmt: skip
    rows = refine.rows()
    names = [row["name"] for row in rows]
    block_8 = rows[names.index("Block 8 Oil and Gas Field") : names.index("Petróleos del Perú")]
    paper = {
        (row["owner"], row["owner: share in percent"]) for row in block_8 if row["owner: source"] == "Sanborn & Yong"
    }
    assert {
        ("Pluspetrol Norte S.A.", 60), ("China National Petroleum Corporation", 27),
        ("Korea National Oil Corporation", 20), ("Daewoo", 11.6), ("SK Energy", 8.3),
    } <= paper  # fmt: skip
    assert {row["owner: source"] for row in block_8} == {"Sanborn & Yong", "GEM"}
    assert all(row["owner: citation"] for row in block_8)


def test_type_and_additional_column_are_sent(site: str, refine: OpenRefine) -> None:
    """Petroperu is a firm of Peru; a block is not a firm, and is not matched automatically."""
    detail = {"column": "country", "propertyName": "home state", "propertyID": "homeState"}
    config = {**service(site), "type": {"id": "Firm", "name": "Firm"}, "columnDetails": [detail]}
    again = OpenRefine(refine.address, "name,country\nPetroperu,Peru\nBlock 8,Peru\n")
    again.do("reconcile", columnName="name", config=config)
    judged = again.judged()
    assert "petroperu" in (judged["Petroperu"][1], *judged["Petroperu"][2])
    assert judged["Block 8"][:2] == ("none", "")
