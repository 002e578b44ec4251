"""The queries for cards; ``$thing`` is replaced by the IRI of a thing, ``$things`` by several."""

from __future__ import annotations

from typing import Final

# The properties that link statements to the things they are about. Those of the second group are used by statements of
# several classes, those of the third by statements of several relations.
LINKS: Final = (
    "pag:owner pag:owned pag:investor pag:event pag:holder pag:officeOf pag:officeIn pag:party pag:place pag:figureOf "
    "pag:partner pag:category pag:identifies pag:nameOf pag:sector dcterms:creator dcterms:publisher pag:reportedBy "
    "pag:source pag:marks pag:matchedThing"
)
TYPED_LINKS: Final = "pag:about pag:project pag:participant pag:concerns pag:opposedBy pag:citation pag:homeState"
RELATION_LINKS: Final = "pag:subject pag:object"
LINKED: Final = f"""
SELECT ?way ?one ?kind WHERE {{
  {{ VALUES ?way {{ {LINKS} }} ?one ?way $thing }}
  UNION {{ VALUES ?way {{ {TYPED_LINKS} }} ?one ?way $thing ; a ?kind }}
  UNION {{ VALUES ?way {{ {RELATION_LINKS} }} ?one ?way $thing ; pag:relation ?kind }}
}}"""
COUNT: Final = f"""
SELECT (COUNT(*) AS ?count) WHERE {{
  VALUES ?way {{ {LINKS} {TYPED_LINKS} {RELATION_LINKS} }} ?one ?way $thing
}}"""
AROUND: Final = f"""
SELECT ?graph ?one ?way ?value WHERE {{
  {{ SELECT DISTINCT ?one WHERE {{ VALUES ?link {{ {LINKS} {TYPED_LINKS} {RELATION_LINKS} }} ?one ?link $thing }} }}
  GRAPH ?graph {{ ?one ?way ?value }}
}}"""
RECORDS: Final = "SELECT ?graph ?one ?way ?value WHERE { VALUES ?one { $things } GRAPH ?graph { ?one ?way ?value } }"
SUMMARIES: Final = """
SELECT ?graph ?one ?way ?value WHERE {
  VALUES ?one { $things }
  GRAPH ?graph { ?one ?way ?value }
  FILTER(?way IN (rdf:type, rdfs:label, skos:prefLabel, pag:homeState, pag:stateOwned, pag:eventType, pag:when,
    pag:earliest, pag:latest, pag:certainty, pag:signedOn, pag:inForceOn, pag:source, pag:notation, pag:reportedBy,
    dcterms:publisher))
}"""
# Shares in a thing, or of an owner, in the last year that each source covers.
SHARES: Final = """
SELECT ?graph ?one ?way ?value WHERE {
  { SELECT DISTINCT ?one ?graph WHERE {
      ?about pag:derivedGraph ?graph ; pag:referenceYear ?then .
      GRAPH ?graph { ?one $way $thing ; pag:asOf ?then } } }
  GRAPH ?graph { ?one ?way ?value }
  FILTER(?way NOT IN (rdfs:label, prov:wasGeneratedBy))
}"""
LATEST: Final = """
SELECT ?one WHERE { ?one pag:participant $thing ; pag:event ?event OPTIONAL { ?event pag:earliest ?day } }
ORDER BY DESC(?day) ?one LIMIT 8"""
OF_SEVERAL: Final = "SELECT ?one WHERE { VALUES ?thing { $things } ?one $way ?thing }"
INVERSES: Final = """
SELECT ?one ?other WHERE {
  { ?one owl:inverseOf ?other } UNION { ?other owl:inverseOf ?one }
  UNION { ?one a owl:SymmetricProperty BIND(?one AS ?other) }
}"""
TABLES: Final = """
SELECT ?one ?table ?source ?row ?order WHERE {
  ?one pag:table ?table ; pag:source ?source ; pag:row ?row OPTIONAL { ?one pag:readingOrder ?order }
}"""
PARTNERS: Final = """
SELECT ?state (COUNT(DISTINCT ?one) AS ?count) WHERE {
  { SELECT DISTINCT ?one WHERE { ?one $way $thing FILTER NOT EXISTS { ?one a pag:Participation } } }
  ?one $way ?state . ?state a pag:State FILTER(?state != $thing)
} GROUP BY ?state"""
ORDER: Final = """
SELECT ?one (MIN(?place) AS ?first) WHERE { ?one pag:source $thing ; pag:readingOrder ?place } GROUP BY ?one
ORDER BY ?first ?one"""
EVERYTHING: Final = "SELECT ?graph ?one ?way ?value WHERE { GRAPH ?graph { ?one ?way ?value } }"
