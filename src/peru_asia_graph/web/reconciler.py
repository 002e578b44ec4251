"""The Reconciliation Service API over the graph: takes a request from a worker, returns JSON or HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from peru_asia_graph.errors import UnknownName
from peru_asia_graph.graph import KnowledgeGraph
from peru_asia_graph.query.candidates import SURE, Candidates, Kind, Scored
from peru_asia_graph.query.sources import speaking_of_each
from peru_asia_graph.query.thing_values import read_values
from peru_asia_graph.site.frame import environment
from peru_asia_graph.site.search_page import find_things
from peru_asia_graph.vocabulary import fold
from peru_asia_graph.web.reconcile_columns import Columns, SaidColumn
from peru_asia_graph.web.reconcile_manifest import describe_draft, describe_service
from peru_asia_graph.web.reconcile_queries import Query, read_batch, read_draft_batch, read_extension

# How many candidates have their properties checked.
_CHECKED: Final = 50
_FEATURES: Final = {
    "name": "similarity of the names, 0 to 100",
    "type": "has a requested type",
    "properties": "fraction of the properties that match",
}
# The properties shown in a preview, with the maximum number of values of each.
_PREVIEWED: Final = ("homeState", "locatedIn", "operatedBy", "owner")
_PREVIEWED_VALUES: Final = 4
Json = dict[str, Any]


class Reconciler:
    """The graph as a reconciliation service; its indexes are built at the first request."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        self._kg = kg
        self._answers: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
            "manifest": lambda job: describe_service(job["base"], self._candidates.kinds),
            "draft-manifest": lambda job: describe_draft(job["base"], self._candidates.kinds),
            "queries": self._queries,
            "draft-queries": self._draft_queries,
            "extend": self._extend,
            "draft-extend": self._draft_extend,
            "propose": self._propose,
            "suggest": self._suggest,
            "preview": self._preview,
        }

    def answer(self, job: Mapping[str, Any]) -> Any:
        """Return the response to a request: a JSON value, or HTML as a text; raise WrongUse or UnknownName."""
        return self._answers[job["what"]](job)

    @cached_property
    def _candidates(self) -> Candidates:
        return Candidates(self._kg.store, self._kg.names)

    @cached_property
    def _columns(self) -> Columns:
        return Columns(self._kg, self._candidates)

    def _queries(self, job: Mapping[str, Any]) -> Json:
        return {key: {"result": self._match(query)} for key, query in read_batch(job["text"]).items()}

    def _draft_queries(self, job: Mapping[str, Any]) -> Json:
        return {"results": [{"candidates": self._match(query)} for query in read_draft_batch(job["text"])]}

    def _match(self, query: Query) -> list[Json]:
        """Return the candidates for a query, best first."""
        found = self._find(query)[:_CHECKED]
        agreed = [self._columns.agree([one.slug for one in found], condition) for condition in query.conditions]
        scored: list[tuple[float, bool, Scored, Json]] = []
        for one in found:
            kinds = self._candidates.classes.get(one.slug, frozenset())
            fits = [kind in kinds for kind in query.types]
            is_kind = not fits or (all(fits) if query.strict == "all" else any(fits))
            told = [each[one.slug] for each in agreed]
            if (not is_kind and query.strict != "should") or any(
                condition.required and not holds for condition, holds in zip(query.conditions, told, strict=True)
            ):
                continue
            for_it, against = told.count(True), told.count(False)
            score = one.score + (100 - one.score) * for_it / 2 / max(len(told), 1) - 20 * against / max(len(told), 1)
            features: Json = {"name": round(one.score, 1)}
            if fits:
                features["type"] = is_kind
            if told:
                features["properties"] = round(for_it / len(told), 2)
            scored.append((round(score if is_kind else score / 2, 1), is_kind and not against, one, features))
        scored.sort(key=lambda each: (-each[0], len(each[2].name), each[2].slug))
        told_by = speaking_of_each(self._kg.store, [one.slug for _, _, one, _ in scored[: query.limit]])
        return [
            self._candidate(one, score, features, told_by[one.slug], sure and self._is_sure(one, scored))
            for score, sure, one, features in scored[: query.limit]
        ]

    @staticmethod
    def _is_sure(one: Scored, scored: Sequence[tuple[float, bool, Scored, Json]]) -> bool:
        """Return whether a candidate can be matched automatically: its name is nearly identical, and no other's is."""
        rivals = [other for _, sure, other, _ in scored if sure and other.slug != one.slug]
        return one.score >= SURE and all(other.score < one.score for other in rivals)

    def _find(self, query: Query) -> list[Scored]:
        """Return what matches the names and ids of a query, or else its properties."""
        best: dict[str, Scored] = {}
        slugs = [slug for given in query.ids if (slug := self._candidates.identify(given))]
        for one in [
            *(Scored(slug, self._candidates.labels[slug], 100.0) for slug in slugs),
            *(one for name in query.names for one in self._candidates.find(name)),
        ]:
            if one.slug not in best or best[one.slug].score < one.score:
                best[one.slug] = one
        if not query.names and not query.ids:
            for condition in query.conditions:
                # Besides names, only identifiers are distinctive enough.
                score = 100.0 if condition.property_id == "identifier" else 70.0
                for slug in self._columns.having(condition):
                    if slug in self._candidates.labels:
                        best.setdefault(slug, Scored(slug, self._candidates.labels[slug], score))
        return sorted(best.values(), key=lambda one: (-one.score, len(one.name), one.slug))

    def _candidate(self, one: Scored, score: float, features: Json, sources: Sequence[str], sure: bool) -> Json:
        label = self._candidates.labels[one.slug]
        return {
            "id": one.slug,
            "name": label,
            "type": _named(self._candidates.narrowest(one.slug)),
            "score": score,
            "match": sure,
            "description": self._describe(one.slug, sources, one.name if one.name != label else ""),
            "features": [{"id": name, "name": _FEATURES[name], "value": value} for name, value in features.items()],
        }

    def _describe(self, slug: str, sources: Sequence[str], called: str = "") -> str:
        """Return the kind of a thing, the sources that mention it, and those that use the name it was found by."""
        shown = self._kg.sources.shown()
        parts = [", ".join(kind.name for kind in self._candidates.narrowest(slug))]
        if sources:
            parts.append("in " + ", ".join(shown[name] for name in sources))
        if called:
            said = read_values(self._kg.store, "name", [slug])[slug]
            by = list(dict.fromkeys(shown.get(one.source, one.source) for one in said if one.name == called))
            parts.append(f"'{called}' in {', '.join(by)}" if by else f"also '{called}'")
        return "; ".join(filter(None, parts))

    def _extend(self, job: Mapping[str, Any]) -> Json:
        asked = read_extension(job["text"])
        columns, rows = self._columns.extend(asked)
        return {"meta": _named(columns), "rows": dict(zip(asked.ids, rows, strict=True))}

    def _draft_extend(self, job: Mapping[str, Any]) -> Json:
        asked = read_extension(job["text"])
        columns, rows = self._columns.extend(asked)
        return {
            "meta": _named(columns),
            "rows": [
                {"id": given, "properties": [{"id": name, "values": cells} for name, cells in row.items()]}
                for given, row in zip(asked.ids, rows, strict=True)
            ],
        }

    def _propose(self, job: Mapping[str, Any]) -> Json:
        found = self._columns.of_kind(job["type"])[: job["limit"]]
        return {"properties": _named(found), "type": job["type"], "limit": job["limit"]}

    def _suggest(self, job: Mapping[str, Any]) -> Json:
        """Return the things, types or properties whose name or id starts with, or contains, a text."""
        key, skipped = fold(job["prefix"]), job["offset"]
        part = slice(skipped, skipped + job["limit"])
        if job["of"] == "entity":
            return {"result": self._suggest_things(job["prefix"], part)}
        kinds: Iterable[Kind] = self._candidates.kinds.values()
        named = [(one.id, one.name) for one in (kinds if job["of"] == "type" else self._columns.all.values())]
        order = {one: min((not fold(text).startswith(key), len(text)) for text in one) for one in named}
        fitting = [one for one in named if any(key in fold(text) for text in one)]
        fitting.sort(key=lambda one: (order[one], one))
        broader = {kind.id: kind.broader for kind in kinds} if job["of"] == "type" else {}
        return {
            "result": [
                {"id": slug, "name": name, **({"broader": self._broader(broader[slug])} if broader.get(slug) else {})}
                for slug, name in fitting[part]
            ]
        }

    def _broader(self, above: Iterable[str]) -> list[Json]:
        kinds = self._candidates.kinds
        return _named(kinds[slug] for slug in above if slug in kinds)

    def _suggest_things(self, prefix: str, part: slice) -> list[Json]:
        slug, labels = self._candidates.identify(prefix), self._candidates.labels
        found = [slug] if slug else []
        hits = (hit.entry.path.removeprefix("id/") for hit in find_things(self._kg, prefix, part.stop + 50))
        found += [one for one in hits if one in labels and one != slug]
        told_by = speaking_of_each(self._kg.store, found[part])
        return [
            {
                "id": one,
                "name": labels[one],
                "description": self._describe(one, told_by[one]),
                "notable": _named(self._candidates.narrowest(one)),
            }
            for one in found[part]
        ]

    def _preview(self, job: Mapping[str, Any]) -> str:
        slug = self._candidates.identify(job["id"])
        if not slug:
            raise UnknownName("thing", job["id"][:100], [])
        facts = []
        for name in _PREVIEWED:
            said = read_values(self._kg.store, name, [slug])[slug][:_PREVIEWED_VALUES]
            facts += [(self._columns.all[name].name, one) for one in said if name in self._columns.all]
        told_by = speaking_of_each(self._kg.store, [slug])[slug]
        shown = self._kg.sources.shown()
        label, described = self._candidates.labels[slug], self._describe(slug, told_by)
        page = environment().get_template("reconcile_preview.html")
        return page.render(label=label, described=described, facts=facts, shown=shown)


def _named(some: Iterable[Kind | SaidColumn]) -> list[Json]:
    """Return types or properties in the form that clients expect."""
    return [{"id": one.id, "name": one.name} for one in some]
