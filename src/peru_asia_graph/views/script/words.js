/* The search words of a page, processed as on the site: split at other characters, without accents and a final s,
   equivalent words merged (SEARCH_WORDS, from words/search.json). */
const wordsOf = (text) => foldAccents(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
const stemOf = (word) => (word.length > 3 && word.endsWith("s") ? word.slice(0, -1) : word);
const likened = (word) => own(SEARCH_WORDS.alike, stemOf(word)) ?? stemOf(word);
const likenedAll = (text) => new Set(wordsOf(text).map(likened));

/* The words of the query: ignored words only count if there are no others. */
function wantedWords(text) {
  const words = wordsOf(text), content = words.filter((word) => !SEARCH_WORDS.ignored.includes(stemOf(word)));
  return content.length ? content : words;
}

/* Whether each word is part of a text or, as a whole word, among its words or the additional ones. */
const hasWords = (wanted, folded, known) => wanted.every((word) => folded.includes(word) || known.has(likened(word)));

/* Additional words of a thing: its kind and commodities in all languages, its states, the years of its dates. */
function knownWords({ type, event, sector, country: home, date, until, id }) {
  const codes = [type, event, ...(sector ?? [])].filter(Boolean), states = [home, id].flat().filter((slug) => own(DATA.countries, slug));
  const labels = codes.flatMap((code) => [humanize(code), own(SEARCH_WORDS.kinds, code) ?? "", ...Object.values(DATA.glossary ?? {}).map((terms) => own(terms, code) ?? "")]);
  const lands = states.flatMap((slug) => Object.keys(DATA.words).map((lang) => own(DATA.countries, slug)[lang] ?? ""));
  return likenedAll([...labels, ...lands, ...(`${date ?? ""} ${until ?? ""}`.match(/\d{4}/g) ?? [])].join(" "));
}
