"""Imports FollowTheMoney: firms, people, assets, and who owns, directs or takes part in what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from typing import Final

from peru_asia_graph.importers.countries import alpha_2, code_named, is_state
from peru_asia_graph.importers.draft import Draft, DraftCell, clean, own_class
from peru_asia_graph.importers.ftm_entities import COUNTRIES, LINKS, FtmEntity, choose, choose_entities, read_entities
from peru_asia_graph.importers.ftm_shares import HOW, add_stake
from peru_asia_graph.importers.importer_registry import ImportRequest
from peru_asia_graph.importers.stakes import ForeignStakes
from peru_asia_graph.sources.checks.ontology_terms import OntologyTerms
from peru_asia_graph.sources.dates import parse_date
from peru_asia_graph.vocabulary import PROJECTS, as_words

# The class of each supported schema; others are in the loss report.
CLASSES: Final = {
    "Company": "Firm", "Organization": "Organization", "LegalEntity": "Organization", "PublicBody": "GovernmentBody",
    "Person": "Person", "Asset": "Project", "License": "Project", "RealEstate": "Project", "Project": "Project",
}  # fmt: skip
_STATE: Final = "State"
_PERSON: Final = "Person"
_NAMES: Final = ("name", "alias", "weakAlias", "previousName", "abbreviation")
_IDENTIFIERS: Final = {"leiCode": "lei", "wikidataId": "wikidata"}
_LINK_FIELDS: Final = ("startDate", "endDate", "date", "role", "status", "summary", "description")
_OWNERSHIP: Final = ("percentage", "ownershipType")
_CERTAINTIES: Final = ("stated", "reported", "announced", "in-progress", "possible", "not-confirmed", "approximate",
                       "former", "planned")  # fmt: skip
_FORMER: Final = ("ceased", "inactive", "historic", "historical", "terminated", "ended", "resigned", "previous", "past")
_STATE_OWNED: Final = "gov.soe"
# The end of a date whose month or day is not known: "2010-00-00".
_NO_DAY: Final = re.compile(r"(-00){1,2}$")


def read_ftm(request: ImportRequest, draft: Draft) -> None:
    """Read FollowTheMoney entities into a draft; the datasets of an entity are cited as its sources."""
    wanted = choose_entities(request, draft.problems)
    links: list[FtmEntity] = []
    things: list[FtmEntity] = []
    seen: dict[str, FtmEntity] = {}
    for one in read_entities(request, draft.problems, wanted):
        if (first := seen.setdefault(one.id, one)) is not one:
            message = f"'{one.id[:60]}' is already on line {first.line}"
            draft.problems.at(one, "id", message, "merge the two, for example with ftm aggregate")
        elif one.schema in LINKS:
            links.append(one)
        elif one.schema in CLASSES:
            things.append(one)
        else:
            # The date of a document or an event counts towards the last day that the files cover.
            draft.date = max(draft.date, _date(one, "date", draft))
            draft.lose(one, "", "this schema is not supported", one.first("name"))
    # States come first, because other entities refer to them by their codes.
    for one in sorted(things, key=lambda one: _class_of(one) != _STATE):
        _add_thing(one, draft)
    # If several data sets state the same share, it is one stake.
    stakes = ForeignStakes(draft, "Ownership", "percentage", same=True)
    for one in links:
        _add_link(one, draft, stakes, request.terms or OntologyTerms())
    stakes.write()


def _add_thing(one: FtmEntity, draft: Draft) -> None:
    names = one.all(*_NAMES)
    if not names:
        draft.problems.at(one, "properties/name", "is empty", "give the entity a name")
        return
    citation = _cite(one, draft)
    said = choose("summary", one.all("summary", "description"), one, draft)
    kind, topics = _class_of(one), one.all("topics")
    told = [_STATE_OWNED] if _STATE_OWNED in topics and kind not in (_PERSON, _STATE, *PROJECTS) else []
    slug = draft.thing(one.id, kind, names[0], [citation], description=said, state_owned=bool(told) or None)
    for topic in topics:
        if topic not in told:
            draft.lose(one, "topics", "not supported", topic)
    for name in names[1:]:
        draft.also_named(f"{one.id}-{name}", slug, name, citation)
    _add_countries(one, slug, citation, draft)
    for name, scheme in _IDENTIFIERS.items():
        for value in one.all(name):
            draft.identifier(slug, scheme, value, citation)
    _count_lost(one, draft, {*_NAMES, *COUNTRIES, *_IDENTIFIERS, "summary", "description", "topics"})


def _add_countries(one: FtmEntity, slug: str, citation: str, draft: Draft) -> None:
    kind = _class_of(one)
    values: dict[str, str] = {}
    for value in one.all(*COUNTRIES):
        values.setdefault(_code_of(value), value)
    codes = list(values)
    # A person may have several nationalities; for others, the meaning of several countries is unknown.
    stated = [code for code in codes if is_state(code)] or codes
    kept = list(dict.fromkeys(map(_code_of, one.all("nationality")))) or stated[:1]
    for code in codes:
        if code not in kept:
            draft.lose(one, "country", "only one country is kept", code)
    if kind == _STATE:
        for code in kept or [""]:
            draft.is_state(slug, code, citation)
        return
    for code in kept:
        relation = "locatedIn" if kind in PROJECTS else "homeState"
        named = code_named(values[code])
        state = draft.state("" if named else code, values[code] if named else "", citation)
        draft.relate(f"{one.id}-in-{code}", slug, relation, state, citation)


def _code_of(value: str) -> str:
    """Return a country as a code in capitals: codes are often in lower case, and some files have names."""
    return alpha_2(value.upper()) or code_named(value) or value.upper()


def _class_of(one: FtmEntity) -> str:
    """Return the class; our own export has classes in ``keywords`` that the schema cannot express."""
    return next(filter(None, map(own_class, one.all("keywords"))), CLASSES[one.schema])


def _add_link(one: FtmEntity, draft: Draft, stakes: ForeignStakes, terms: OntologyTerms) -> None:
    """Add what a link states; one with several ends is a link between each pair of them, as in FollowTheMoney."""
    ends = LINKS[one.schema]
    pairs = [(a, b) for a, b in product(*(_find_ends(one, end, draft) for end in ends)) if _differ(one, a, b, draft)]
    if not pairs:
        return
    times = {"valid_from": _date(one, "startDate", draft), "valid_until": _date(one, "endDate", draft),
             "as_of": _date(one, "date", draft)}  # fmt: skip
    draft.date = max(draft.date, times["as_of"])
    note = "; ".join(one.all("role", "summary", "description"))
    if times["valid_from"] and times["valid_until"] and times["valid_from"] > times["valid_until"] + "~":
        message = f"'{times['valid_until']}' is before the start, '{times['valid_from']}'"
        draft.problems.at(one, "properties/endDate", message, "swap or correct the two dates")
        return
    cells: dict[str, DraftCell] = {"certainty": _certainty(one, draft), "note": note, **times}
    if one.schema == "Ownership":
        add_stake(one, pairs, cells, draft, stakes, _cite(one, draft, "percentage"))
    else:
        for pair in pairs:
            key = one.id if len(pairs) == 1 else f"{one.id}-{pair[0]}-{pair[1]}"
            _add_relation(one, key, pair, cells, draft, terms)
    _count_lost(one, draft, {*ends, *_LINK_FIELDS, *(_OWNERSHIP if one.schema == "Ownership" else ())})


def _add_relation(
    one: FtmEntity, key: str, pair: tuple[str, str], stated: dict[str, DraftCell], draft: Draft, terms: OntologyTerms
) -> None:
    role = one.first("role")
    others = "; ".join(word for word in one.all("role", "summary", "description") if word != role)
    cells = dict(stated)
    if one.schema == "Directorship" and draft.tables["entities"][pair[0]]["type"] == _PERSON:
        cells |= {"holder": pair[0], "office_of": pair[1], "office": role or "Director", "note": others}
        draft.add("tenures", draft.id_of(key, "tenures"), [_cite(one, draft)], **cells)
        return
    relation = _relation_of(one, [draft.tables["entities"][slug]["type"] for slug in pair], terms)
    cells |= {"subject": pair[0], "object": pair[1], "relation": relation or "linkedTo"}
    if one.schema == "UnknownLink" and relation:
        cells["note"] = others  # the relation says what the role says
    elif one.schema == "Directorship":
        cells["note"] = stated["note"] or "director"
    draft.add("relations", draft.id_of(key, "relations"), [_cite(one, draft)], **cells)


def _find_ends(one: FtmEntity, end: str, draft: Draft) -> list[str]:
    """Return the ids of the things at one end of a link; those that are missing are counted as lost."""
    named = one.all(end)
    if not named:
        draft.lose(one, end, "empty", "")
    found = []
    for key in named:
        slug = draft.id_of(key)
        if draft.has("entities", slug):
            found.append(slug)
        else:
            draft.lose(one, end, "the entity is missing or not supported", key)
    return found


def _differ(one: FtmEntity, first: str, second: str, draft: Draft) -> bool:
    if first == second:
        draft.lose(one, LINKS[one.schema][1], "both ends are the same", one.first(LINKS[one.schema][1]))
    return first != second


def _relation_of(one: FtmEntity, kinds: Sequence[str], terms: OntologyTerms) -> str:
    """Return the relation that a link states; empty if the ontology has none for it between things of these classes."""
    if one.schema != "UnknownLink":
        return {"Membership": "memberOf", "ProjectParticipant": "involvedIn"}.get(one.schema, "")
    role = clean(one.first("role")).lower()
    found = next((name for name in terms.relations if as_words(name) == role), "")
    for kind, expected in zip(kinds, (terms.domains.get(found), terms.ranges.get(found)), strict=True):
        if expected and not terms.subclasses.get(kind, {kind}) & expected:
            return ""
    return found


def _certainty(one: FtmEntity, draft: Draft) -> str:
    """Return the certainty of a link, from its status: one of our own codes, or ``former``."""
    found = []
    for status in one.all("status"):
        word = status.lower()
        if word in _CERTAINTIES or word in _FORMER:
            found.append(word if word in _CERTAINTIES else "former")
        elif word not in HOW:
            draft.lose(one, "status", "not supported", status)
    return choose("status", list(dict.fromkeys(found)), one, draft) or "stated"


def _date(one: FtmEntity, name: str, draft: Draft) -> str:
    """Return a date of a link: a year, month or day (of a time, its day); empty if the text is not a date.

    Of several dates, it is the most precise one if that refines the others, else the first.
    """
    found = []
    for text in one.all(name):
        try:
            found.append(parse_date(_NO_DAY.sub("", text[:10])).text)
        except ValueError:
            draft.lose(one, name, "not a date", text)
    exact = max(found, key=len, default="")
    return choose(name, [exact] if all(map(exact.startswith, found)) else list(dict.fromkeys(found)), one, draft)


def _cite(one: FtmEntity, draft: Draft, field: str = "") -> str:
    works = [draft.reported_by(name, name) for name in (*one.datasets, *one.all("publisher"))]
    retrieved = draft.day(one, "modifiedAt", one.first("retrievedAt", "modifiedAt"))
    address = one.first("sourceUrl")
    return draft.cite(one.id, field, one.line, address=address, retrieved=retrieved, reported_by=works)


def _count_lost(one: FtmEntity, draft: Draft, kept: set[str]) -> None:
    for other in one.all("sourceUrl")[1:]:
        draft.lose(one, "sourceUrl", "only one address is kept", other)
    for name in one.properties.keys() - kept - {"publisher", "sourceUrl", "retrievedAt", "modifiedAt"}:
        for value in one.all(name):
            if name != "keywords" or not own_class(value):
                draft.lose(one, name, "not supported", value)
