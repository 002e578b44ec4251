"""The Reconciliation Service API as OpenRefine sees it: a running server, checked field by field."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest

import servers

FORM: Final = "application/x-www-form-urlencoded"
DATE: Final = re.compile(r"\d{4}(-\d\d){0,2}")
Answer = tuple[int, Mapping[str, str], Any]


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with servers.ours("-q", "--timeout", "20") as address:
        yield address


def fetch(address: str, data: bytes | None = None, media: str = FORM, method: str | None = None) -> Answer:
    """Return status, headers and decoded JSON body; an error status raises no exception."""
    status, found, body = servers.fetch(address, data, {"Content-Type": media} if data is not None else {}, method)
    headers = {name.lower(): value for name, value in found.items()}
    return status, headers, json.loads(body) if body and "json" in headers.get("content-type", "") else body


def batch(site: str, queries: Any, how: str = "POST") -> Any:
    """Return the response to a version 0.2 batch, which must be valid."""
    form = urllib.parse.urlencode({"queries": json.dumps(queries)})
    asked = fetch(f"{site}/reconcile", form.encode()) if how == "POST" else fetch(f"{site}/reconcile?{form}")
    assert asked[0] == 200, asked
    check_batch(queries, asked[2])
    return asked[2]


def extend(site: str, ids: list[str], *properties: Mapping[str, Any]) -> Any:
    """Return the response to a data extension query."""
    form = urllib.parse.urlencode({"extend": json.dumps({"ids": ids, "properties": list(properties)})})
    status, _, found = fetch(f"{site}/reconcile", form.encode())
    assert status == 200, found
    check_extension(ids, [one["id"] for one in properties], found)
    return found


def check_batch(queries: Mapping[str, Any], found: Any) -> None:
    """Check a response against the specification."""
    assert found.keys() == queries.keys()
    for key, result in found.items():
        assert result.keys() == {"result"}
        assert len(result["result"]) <= queries[key].get("limit", 5)
        check_candidates(result["result"])


def check_candidates(found: list[Any]) -> None:
    for one in found:
        assert one.keys() == {"id", "name", "type", "score", "match", "description", "features"}
        assert one["id"] and one["name"] and one["description"]
        assert type(one["match"]) is bool and type(one["score"]) is float and 0 <= one["score"] <= 100
        assert one["type"] and all(kind.keys() == {"id", "name"} for kind in one["type"])
        assert len({each["id"] for each in one["features"]}) == len(one["features"])
        assert all(type(each["value"]) in (bool, float) and each["name"] for each in one["features"])
    assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)
    assert len({one["id"] for one in found}) == len(found)
    assert sum(one["match"] for one in found) <= 1
    assert not any(one["match"] for one in found[1:])


def check_extension(ids: list[str], properties: list[str], found: Any) -> None:
    """Check a response against the specification."""
    assert found.keys() == {"meta", "rows"}
    assert [one["id"] for one in found["meta"]] == properties
    assert all(one.keys() == {"id", "name"} and one["name"] for one in found["meta"])
    assert found["rows"].keys() == set(ids)
    for row in found["rows"].values():
        assert row.keys() == set(properties)
        for cells in row.values():
            for cell in cells:
                assert set(cell) in ({"id", "name", "description"}, {"str"}, {"float"}, set())


def ids(found: Any, key: str = "q") -> list[str]:
    return [one["id"] for one in found[key]["result"]]


@pytest.mark.slow
def test_manifest_is_complete(site: str) -> None:
    """Every URL in it responds."""
    status, headers, found = fetch(f"{site}/reconcile")
    assert (status, headers["content-type"], headers["access-control-allow-origin"]) == (200, "application/json", "*")
    assert fetch(f"{site}/reconcile/")[2] == found
    assert found["versions"] == ["0.2"]
    assert found["identifierSpace"] == "https://w3id.org/peru-asia-graph/id/"
    assert found["schemaSpace"] == "https://w3id.org/peru-asia-graph/ontology#"
    assert isinstance(found["defaultTypes"], list)
    assert {"id": "Organization", "name": "Organization"} in found["defaultTypes"]
    draft = fetch(f"{site}/reconcile/1.0-draft")[2]
    for template in (found["view"]["url"], found["preview"]["url"], draft["preview"]["url"]):
        status, headers, _ = fetch(template.replace("{{id}}", "block-8"))
        assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    for name in ("entity", "type", "property"):
        place = found["suggest"][name]
        assert fetch(f"{place['service_url']}{place['service_path']}?prefix=o")[2]["result"]
    place = found["extend"]["propose_properties"]
    assert fetch(f"{place['service_url']}{place['service_path']}?type=Firm")[2]["properties"]
    for address in (found["logo"], found["documentation"]):
        assert fetch(address)[0] == 200


@pytest.mark.parametrize("how", ["GET", "POST"])
def test_batch_results_use_the_query_keys(site: str, how: str) -> None:
    found = batch(site, {"q0": {"query": "Toromocho"}, "other key": {"query": "Block Z-2B", "limit": 1}}, how)
    assert found["q0"]["result"][0]["id"] == "toromocho"
    assert found["q0"]["result"][0]["match"]
    assert ids(found, "other key") == ["block-z-2b"]


def test_matched_name_is_returned_with_its_source(site: str) -> None:
    """GEM calls it Shougang Marcona Mine; the paper, Marcona mine."""
    (mine,) = batch(site, {"q": {"query": "Shougang Marcona Mine", "limit": 1}})["q"]["result"]
    assert (mine["id"], mine["name"], mine["match"]) == ("marcona-mine", "Marcona mine", True)
    assert mine["description"] == "Mining project; in Sanborn & Yong, GEM; 'Shougang Marcona Mine' in GEM"


def test_type_constraints(site: str) -> None:
    both = {"query": "Marcona", "limit": 10}
    assert {"gem-marcona", "marcona-mine"} <= set(ids(batch(site, {"q": both})))
    assert not batch(site, {"q": both})["q"]["result"][0]["match"]
    place = batch(site, {"q": {**both, "type": "Place"}})["q"]["result"]
    assert (place[0]["id"], place[0]["match"]) == ("gem-marcona", True)
    assert next(one for one in place if one["id"] == "marcona-mine")["score"] == 50.0
    strict = batch(site, {"q": {**both, "type": ["Place"], "type_strict": "any"}})["q"]["result"]
    assert "marcona-mine" not in [one["id"] for one in strict]
    by_address = {"id": "https://w3id.org/peru-asia-graph/ontology#Place"}
    assert batch(site, {"q": {**both, "type": by_address}})["q"]["result"] == place
    # A broader type includes its subtypes; an unknown type matches nothing.
    assert (
        ids(batch(site, {"q": {"query": "Marcona mine", "type": "Project", "type_strict": "all"}}))[0] == "marcona-mine"
    )
    assert ids(batch(site, {"q": {**both, "type": "Unicorn", "type_strict": "all"}})) == []


def test_properties_raise_and_lower_the_score(site: str) -> None:
    """In Table 7 CNPC's home state is China."""
    plain = batch(site, {"q": {"query": "CNPC"}})["q"]["result"][0]
    china = {"pid": "homeState", "v": {"id": "china", "name": "China"}}
    agreed = batch(site, {"q": {"query": "CNPC", "properties": [china]}})["q"]["result"][0]
    japan = {"pid": "homeState", "v": "Japan"}
    lowered = batch(site, {"q": {"query": "CNPC", "properties": [japan]}})["q"]["result"]
    wrong = next(one for one in lowered if one["id"] == "cnpc")
    unknown = batch(site, {"q": {"query": "CNPC", "properties": [{"pid": "shoeSize", "v": 7}]}})["q"]["result"][0]
    assert [one["id"] for one in (plain, agreed, wrong, unknown)] == ["cnpc"] * 4
    assert [one["match"] for one in (plain, agreed, wrong, unknown)] == [True, True, False, True]
    assert [one["score"] for one in (plain, agreed, wrong, unknown)] == [100, 100, 80, 100]
    assert {"id": "properties", "name": "fraction of the properties that match", "value": 1.0} in agreed["features"]
    named = batch(site, {"q": {"query": "CNPC", "properties": [{"pid": "homeState", "v": ["Japan", "China"]}]}})
    assert named["q"]["result"][0]["match"]


@pytest.mark.parametrize(
    ("value", "score"),
    [(60, 100), ("60", 100), ("60.0 %", 100), (11.6, 100), (61, 80), ("most", 80), ("", 100), ([], 100)],
)
def test_share_is_compared_as_a_number_and_empty_value_is_ignored(site: str, value: Any, score: int) -> None:
    """Block 8: Pluspetrol Norte has 60 %, Daewoo 11.6 % (Table 6); nobody has 61 %."""
    asked = {"query": "Block 8", "properties": [{"pid": "owner-share", "v": value}]}
    assert batch(site, {"q": asked})["q"]["result"][0]["score"] == score


def test_query_by_properties_without_a_name(site: str) -> None:
    found = batch(site, {"q": {"properties": [{"pid": "identifier", "v": "Q419"}]}})["q"]["result"]
    assert [(one["id"], one["match"]) for one in found] == [("peru", True)]
    owned = batch(site, {"q": {"properties": [{"pid": "owner", "v": "CNPC"}], "limit": 100}})["q"]["result"]
    assert {"block-1ab", "gem-block-x"} <= {one["id"] for one in owned}
    assert not any(one["match"] for one in owned)
    homes = ids(batch(site, {"q": {"properties": [{"pid": "homeState", "v": {"id": "japan"}}], "limit": 100}}))
    assert "mitsui" in homes and "cnpc" not in homes


def test_extended_values_have_sources(site: str) -> None:
    """Table 6 on page 25 gives Daewoo 11.6 % of Block 8, GEM's record 11.7 %; each value is next to its source."""
    asked = [{"id": f"owner{part}"} for part in ("", "-share", "-source", "-citation", "-basis")]
    row = extend(site, ["block-8", "nothing"], *asked)["rows"]["block-8"]
    assert len({len(cells) for cells in row.values()}) == 1
    table = zip(*(row[one["id"]] for one in asked), strict=True)
    told = [
        (owner["id"], share.get("float"), source["str"], basis["str"], cited["str"], owner["description"])
        for owner, share, source, cited, basis in table
    ]
    daewoo = {one[2]: one[1:] for one in told if one[0] == "daewoo"}
    assert daewoo["GEM"] == (11.7, "GEM", "direct", "record OG0004942, owner", "GEM; record OG0004942, owner")
    assert daewoo["Sanborn & Yong"][0] == 11.6
    assert "Table 6, row Block 8 (p. 25)" in daewoo["Sanborn & Yong"][3]
    settings = {"source": "gem", "limit": 2}
    some = extend(site, ["block-8"], {"id": "owner-source", "settings": settings})["rows"]["block-8"]["owner-source"]
    assert some == [{"str": "GEM"}] * 2


def test_extending_other_properties(site: str) -> None:
    asked = ("homeState", "homeState-source", "homeState-citation", "identifier", "identifier-register", "name",
             "name-source", "description", "locatedIn", "phase", "owned", "owned-from", "owned-until")  # fmt: skip
    found = extend(site, ["cnpc", "peru", "block-8"], *({"id": one} for one in asked))["rows"]
    assert [one["id"] for one in found["cnpc"]["homeState"]] == ["china"]
    assert found["cnpc"]["homeState-source"] == [{"str": "Sanborn & Yong"}]
    assert "Table 7" in found["cnpc"]["homeState-citation"][0]["str"]
    assert {"str": "Q419"} in found["peru"]["identifier"]
    assert {"str": "Wikidata"} in found["peru"]["identifier-register"]
    # A thing's label is the name in the first source that has it, and only in that one.
    named = dict(zip([one["str"] for one in found["block-8"]["name"]], found["block-8"]["name-source"], strict=True))
    assert named == {"Block 8": {"str": "Sanborn & Yong"}, "Block 8 Oil and Gas Field (Peru)": {"str": "GEM"}}
    assert {"str": "shut in"} in found["block-8"]["phase"]
    assert {one["id"] for one in found["block-8"]["locatedIn"]} >= {"loreto", "peru"}
    assert {"str": "1992"} in found["peru"]["owned-until"]
    for row in found.values():
        assert all(DATE.fullmatch(cell["str"]) for cell in row["owned-from"] if cell)


def test_suggestions(site: str) -> None:
    def suggest(of: str, **given: str | int) -> list[dict[str, Any]]:
        status, _, found = fetch(f"{site}/reconcile/suggest/{of}?{urllib.parse.urlencode(given)}")
        assert (status, found.keys()) == (200, {"result"})
        assert all(one["id"] and one["name"] for one in found["result"])
        return list(found["result"])

    assert suggest("entity", prefix="torom")[0]["id"] == "toromocho"
    assert suggest("entity", prefix="block-8")[0]["id"] == "block-8"
    assert suggest("entity", prefix="Block 8")[0]["id"] == "block-8"
    assert {"id": "HydrocarbonBlock", "name": "Hydrocarbon block"} in suggest("entity", prefix="Block 8")[0]["notable"]
    ten = [one["id"] for one in suggest("entity", prefix="block")]
    assert len(ten) == 10
    assert [one["id"] for one in suggest("entity", prefix="block", limit=3)] == ten[:3]
    assert [one["id"] for one in suggest("entity", prefix="block", cursor=3, limit=3)] == ten[3:6]
    assert [one["id"] for one in suggest("entity", prefix="block", offset=3, limit=3)] == ten[3:6]
    assert suggest("type", prefix="Fir")[0]["broader"] == [{"id": "Organization", "name": "Organization"}]
    assert suggest("property", prefix="home")[0]["id"] == "homeState"
    assert {one["id"] for one in suggest("property", prefix="owner", limit=100)} >= {"owner", "owner-share"}
    assert suggest("type", prefix="")
    assert suggest("entity", prefix="no such thing at all") == []


def test_proposed_properties_fit_the_type(site: str) -> None:
    def propose(kind: str) -> set[str]:
        found = fetch(f"{site}/reconcile/extend/propose?type={kind}")[2]
        assert found["type"] == kind
        return {one["id"] for one in found["properties"]}

    assert {"homeState", "owned", "owner", "name", "identifier", "homeState-source"} <= propose("Firm")
    assert "homeState" not in propose("HydrocarbonBlock") and "locatedIn" in propose("HydrocarbonBlock")
    assert propose("Unicorn") >= {"name", "identifier"}
    assert len(fetch(f"{site}/reconcile/extend/propose?type=Firm&limit=3")[2]["properties"]) == 3


def test_preview_is_a_small_embeddable_page(site: str) -> None:
    status, headers, body = fetch(f"{site}/reconcile/preview?id=block-8")
    page = body.decode()
    assert (status, len(page) < 3000) == (200, True)
    assert "<h1>Block 8</h1>" in page and "Sanborn &amp; Yong" in page and "GEM" in page
    assert "frame-ancestors *" in headers["content-security-policy"]
    assert "script-src 'self'" in headers["content-security-policy"] and "x-frame-options" not in headers
    assert fetch(f"{site}/reconcile/preview?id=nothing")[0] == 404
    status, headers, _ = fetch(f"{site}/reconcile/preview?id=%3Cscript%3E")
    assert (status, headers["content-type"]) == (404, "application/json")


def test_methods_and_cors(site: str) -> None:
    for path, allowed in (("/reconcile", "GET, HEAD, POST, OPTIONS"), ("/reconcile/preview", "GET, HEAD, OPTIONS"),
                          ("/reconcile/1.0-draft/match", "POST, OPTIONS")):  # fmt: skip
        status, headers, _ = fetch(f"{site}{path}", method="OPTIONS")
        assert (status, headers["allow"], headers["access-control-allow-origin"]) == (204, allowed, "*")
        assert "Content-Type" in headers["access-control-allow-headers"]
        status, headers, found = fetch(f"{site}{path}", method="DELETE")
        assert (status, headers["allow"], "error" in found) == (405, allowed, True)
    status, headers, body = fetch(f"{site}/reconcile", method="HEAD")
    assert (status, body) == (200, b"")
    assert fetch(f"{site}/reconcile/1.0-draft/match")[0] == 405
    assert fetch(f"{site}/reconcile/no-such-path")[1]["content-type"] == "application/json"


def test_responses_are_cached_and_have_etags(site: str) -> None:
    form = urllib.parse.urlencode({"queries": json.dumps({"q": {"query": "Antamina"}})})
    _, first, found = fetch(f"{site}/reconcile?{form}")
    assert servers.fetch(f"{site}/reconcile?{form}", headers={"If-None-Match": first["etag"]})[0] == 304
    assert fetch(f"{site}/reconcile", form.encode())[2] == found


@pytest.mark.parametrize(
    ("text", "status", "told"),
    [
        ("", 400, "not JSON"),
        ("[", 400, "not JSON"),
        ("[]", 400, "the batch: an object"),
        ('"text"', 400, "the batch: an object"),
        ("{}", 200, ""),
        ('{"q0": 1}', 400, "query 'q0': an object"),
        ('{"q0": {}}', 400, "give query"),
        ('{"q0": {"limit": 1}}', 400, "give query"),
        ('{"q0": {"properties": []}}', 400, "give query"),
        ('{"q0": {"query": "", "limit": 1}}', 200, ""),
        ('{"q0": {"query": ["a"]}}', 400, "query 'q0'.query: a text, not a list"),
        ('{"q0": {"query": "a", "limit": 0}}', 400, "limit: a whole number from 1"),
        ('{"q0": {"query": "a", "limit": "5"}}', 400, "not a text"),
        ('{"q0": {"query": "a", "limit": NaN}}', 400, "limit"),
        ('{"q0": {"query": "a", "limit": 1e999}}', 200, ""),
        ('{"q0": {"query": "a", "limit": ' + "9" * 5000 + "}}", 400, "not JSON"),
        ('{"q0": {"query": "a", "limit": true}}', 400, "true or false"),
        ('{"q0": {"query": "a", "props": []}}', 400, "no field 'props'"),
        ('{"q0": {"query": "a", "type": 7}}', 400, "type: a text, not a number"),
        ('{"q0": {"query": "a", "type_strict": "very"}}', 400, "one of any, should, all"),
        ('{"q0": {"query": "a", "properties": {"pid": "x"}}}', 400, "properties: a list, not an object"),
        ('{"q0": {"query": "a", "properties": [{"v": "x"}]}}', 400, "pid: a text, not nothing"),
        ('{"q0": {"query": "a", "properties": [{"pid": "owner", "v": null}]}}', 400, "properties[0].v"),
        ('{"q0": {"query": "a", "properties": [{"pid": "owner", "v": [[]]}]}}', 400, "properties[0].v"),
        ('{"q0": {"query": "' + "a" * 1001 + '"}}', 400, "1,000 characters"),
        ("[" * 100_000, 400, "too deeply"),
        ('{"q0": {"query": "a", "type": ' + "[" * 50_000 + "]" * 50_000 + "}}", 400, "too deeply"),
        (json.dumps({f"q{n}": {"query": "a"} for n in range(51)}), 413, "at most 50"),
        (json.dumps({f"q{n}": {"query": "a"} for n in range(20_000)}), 413, "at most 50"),
        (json.dumps({"q0": {"query": "a", "type": ["T"] * 60}}), 413, "types"),
        (json.dumps({"q0": {"query": "a", "properties": [{"pid": "owner", "v": ["x"] * 60}]}}), 413, "values"),
        (json.dumps({"q0": {"query": "a", "properties": [{"pid": "owner", "v": "x"}] * 30}}), 413, "properties"),
    ],
)
def test_invalid_batches_explain_the_fix(site: str, text: str, status: int, told: str) -> None:
    found = fetch(f"{site}/reconcile", urllib.parse.urlencode({"queries": text}).encode())
    assert found[0] == status, found
    assert found[1]["content-type"] == "application/json"
    assert told in str(found[2].get("error", ""))
    assert fetch(f"{site}/health")[0] == 200


@pytest.mark.parametrize(
    "name",
    ["\0", "a\0b", "<script>alert(1)</script>", '"} } INSERT', "$things", "\ud800", "\u202e", "x" * 1000, "../../etc",
     "https://w3id.org/peru-asia-graph/id/x> ?p ?o", "'; DROP TABLE", "{{7*7}}", "%00", "\r\nX: y", "𝕏" * 500],
)  # fmt: skip
def test_hostile_names_match_nothing(site: str, name: str) -> None:
    pairs = [{"pid": "homeState", "v": name}, {"pid": name, "v": {"id": name}}, {"pid": "identifier", "v": name}]
    found = batch(site, {name[:100]: {"query": name, "type": name, "properties": pairs}, "only": {"properties": pairs}})
    assert not any(one["match"] for result in found.values() for one in result["result"])
    rows = extend(site, [name], {"id": "owner"}, {"id": "locatedIn"}, {"id": "identifier"})["rows"][name]
    assert list(rows.values()) == [[], [], []]
    quoted = urllib.parse.quote(name, errors="surrogatepass")
    for path in ("suggest/entity?prefix=", "suggest/property?prefix=", "extend/propose?type=", "preview?id="):
        status, headers, _ = fetch(f"{site}/reconcile/{path}{quoted}")
        assert status in (200, 400, 404)
        assert headers["content-type"] == "application/json"
    assert fetch(f"{site}/health")[0] == 200


def test_body_type_and_size_are_limited(site: str) -> None:
    assert fetch(f"{site}/reconcile", b"queries=" + b"x" * 4_000_000)[0] == 413
    assert fetch(f"{site}/reconcile", b"{}", "application/json")[0] == 415
    assert fetch(f"{site}/reconcile", b"x", "multipart/form-data; boundary=x")[0] == 415
    assert fetch(f"{site}/reconcile", b"queries={}", FORM + "; charset=latin-1")[0] == 415
    assert fetch(f"{site}/reconcile", b"queries=%FF")[0] == 400
    assert fetch(f"{site}/reconcile", b"&".join([b"a=b"] * 1000))[0] == 400
    assert "queries=" in fetch(f"{site}/reconcile", b"")[2]["error"]
    assert fetch(f"{site}/reconcile?query=Block")[0] == 400
    assert fetch(f"{site}/reconcile/suggest/entity?prefix={'a' * 1001}")[0] == 400
    assert fetch(f"{site}/reconcile/suggest/entity?prefix=a&limit=-1")[0] == 400
    assert fetch(f"{site}/reconcile/suggest/entity?prefix=a&offset={'9' * 400}")[2] == {"result": []}
    assert fetch(f"{site}/reconcile/suggest/else?prefix=a")[0] == 404


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ({}, 400, "ids: a list"),
        ({"ids": "block-8", "properties": []}, 400, "ids: a list"),
        ({"ids": [7], "properties": []}, 400, "ids[0]: a text"),
        ({"ids": [], "properties": [{"id": "owners"}]}, 400, "no property 'owners'"),
        ({"ids": [], "properties": [{"id": "\ud800"}]}, 400, "no property '?'"),
        ({"ids": ["x"], "properties": ["owner"]}, 400, "properties[0]: an object"),
        ({"ids": ["x"], "properties": [{"id": "owner", "settings": {"source": "nobody"}}]}, 404, "no source"),
        ({"ids": ["x"], "properties": [{"id": "owner", "settings": {"limit": "many"}}]}, 400, "settings.limit"),
        ({"ids": ["x"] * 501, "properties": []}, 413, "at most 500"),
        ({"ids": ["x"], "properties": [{"id": "owner"}] * 51}, 413, "at most 50"),
    ],
)
def test_invalid_extensions_explain_the_fix(site: str, asked: Any, status: int, told: str) -> None:
    found = fetch(f"{site}/reconcile", urllib.parse.urlencode({"extend": json.dumps(asked)}).encode())
    assert (found[0], told in found[2]["error"]) == (status, True), found[2]


def test_full_batch_of_long_names_is_answered(site: str) -> None:
    """Within the server's deadline; a slower batch would be rejected."""
    names = {f"q{n}": {"query": f"{n} " + "mining corporation of peru " * 30, "limit": 100} for n in range(50)}
    assert batch(site, names).keys() == names.keys()


def test_draft_version_uses_its_own_format(site: str) -> None:
    """Version 1.0-draft has JSON bodies, different field names and a list of results."""
    root = f"{site}/reconcile/1.0-draft"
    manifest = fetch(root)[2]
    assert manifest["versions"] == ["1.0-draft"]
    assert manifest["standardizedScore"] is True
    assert fetch(manifest["view"]["url"].replace("{id}", "block-8"))[0] == 200
    name = {"matchType": "name", "propertyValue": "CNPC"}
    home = {"matchType": "property", "propertyId": "homeState", "propertyValue": {"id": "china"}, "required": True}
    japan = {**home, "propertyValue": "Japan"}
    queries = [[name], [name, home], [name, japan], [name, {**japan, "matchQuantifier": "none"}],
               [{"matchType": "id", "propertyValue": "block-8"}]]  # fmt: skip
    body = json.dumps({"queries": [{"conditions": one, "limit": 1} for one in queries]}).encode()
    status, _, found = fetch(f"{root}/match", body, "application/json")
    assert status == 200, found
    for one in found["results"]:
        check_candidates(one["candidates"])
    assert [[one["id"] for one in each["candidates"]] for each in found["results"]] == [
        ["cnpc"], ["cnpc"], [], ["cnpc"], ["block-8"],
    ]  # fmt: skip
    asked = json.dumps({"ids": ["block-8"], "properties": [{"id": "locatedIn"}]}).encode()
    (row,) = fetch(f"{root}/extend", asked, "application/json")[2]["rows"]
    assert (row["id"], row["properties"][0]["id"]) == ("block-8", "locatedIn")
    assert row["properties"][0]["values"]
    for path in ("suggest/entity?prefix=b", "suggest/type?prefix=f", "extend/propose?type=Firm", "preview?id=block-8"):
        assert fetch(f"{root}/{path}")[0] == 200
    assert fetch(f"{root}/match", b"queries={}")[0] == 415
    assert fetch(f"{root}/match", b"\xff", "application/json")[0] == 400
    assert fetch(f"{root}/match", b"[" * 100_000, "application/json")[0] == 400
