-- The views of the SQLite export: readable results, each row with its source and, for stakes, its citations.

CREATE VIEW who_owns AS -- every stated stake, by asset
SELECT owned_label AS asset, owner_label AS owner, share_percent, share_low, share_high, basis, certainty,
  valid_from, valid_until, as_of, source,
  (SELECT group_concat(locator, '; ') FROM (SELECT c.locator FROM stakes_citations l JOIN citations c ON c.id = l.citations
    WHERE l.stakes = s.id ORDER BY c.id)) AS places
FROM stakes s ORDER BY asset, source, share_percent DESC, owner;

CREATE VIEW effective_owners AS -- computed shares through chains, by year; low and high are bounds
SELECT asset_label AS asset, as_of AS year, owner_label AS owner, effective_percent, effective_low, effective_high,
  direct_percent, held_then, source
FROM effective_ownership ORDER BY asset, year DESC, source, effective_high DESC, owner;

CREATE VIEW agreements_of AS -- the agreements of each party, with the dates that each source gives
SELECT p.label AS party, a.label AS agreement, a.type AS kind, a.signed_on, a.in_force_on, a.ended_on, a.status,
  a.source
FROM agreements a JOIN agreements_parties l ON l.agreements = a.id AND l.source = a.source
JOIN entities p ON p.id = l.parties ORDER BY party, agreement, a.source;

CREATE VIEW where_sources_differ AS -- statements of two sources about the same matter that do not agree
SELECT subject_label AS subject, property, kind, source_a, value_a, source_b, value_b
FROM differences WHERE kind <> 'agrees' ORDER BY subject, property, source_a, source_b;

CREATE VIEW investments_by AS -- announced and current investments, by investor
SELECT i.label AS investor, v.project_label AS project, v.home_country, v.sector, v.amount_usd_million, v.year, v.status,
  v.source
FROM investments v JOIN investments_investors l ON l.investments = v.id JOIN entities i ON i.id = l.investors
ORDER BY investor, project;

CREATE VIEW timeline AS -- dated events and their participants
SELECT date, label AS event, type AS kind, source,
  (SELECT group_concat(label, '; ') FROM (SELECT e.label FROM events_participants l JOIN entities e ON e.id = l.participants
    WHERE l.events = v.id ORDER BY e.label)) AS participants
FROM events v WHERE date IS NOT NULL ORDER BY date, event;

CREATE VIEW figures AS -- every figure with names instead of ids
SELECT s.label AS subject, o.flow, p.label AS partner, c.label AS category, o.period, o.measure, o.value, o.unit,
  o.qualifier, o.scope, o.source
FROM observations o LEFT JOIN entities s ON s.id = o.subject LEFT JOIN entities p ON p.id = o.partner
LEFT JOIN entities c ON c.id = o.category ORDER BY subject, o.measure, o.period, partner, category;

CREATE VIEW offices AS -- holders of offices
SELECT t.holder_label AS holder, t.office, e.label AS office_of, i.label AS office_in, t.valid_from, t.valid_until, t.as_of,
  t.source
FROM tenures t LEFT JOIN entities e ON e.id = t.office_of LEFT JOIN entities i ON i.id = t.office_in
ORDER BY e.label, i.label, t.office, holder;
