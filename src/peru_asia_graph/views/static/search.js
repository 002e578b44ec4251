/* The search over all names without a server, with the rules of `query/search_index.py`. An entry is
   [label, Spanish label, kind, address, other names, about, date, tier, value, words that are only in its description];
   a Spanish address is given explicitly, or is the English one with the texts of `around` added. See `query/names_script.py`. */
"use strict";
const pagSearch = ({ ignored, interrogatives, alike, kinds, kindWords, abouts, dates, values, around, entries }) => {
  const LONGEST = 200, MOST_WORDS = 12, ENOUGH = 0.5, LEAST = 0.25, LESS = 4, SPREAD = 3, QUESTION = 1, SAID = 2, SHORTEST_PART = 3, SHORTEST_GUESS = 4;
  const skipped = new Set(ignored), questioning = new Set(interrogatives), same = new Map(Object.entries(alike));
  const wordsIn = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const stem = (word) => (word.length > 3 && word.endsWith("s") ? word.slice(0, -1) : word);
  const likened = (word) => same.get(word) ?? word;
  const spaced = (words) => ` ${words.join(" ")} `;
  const compare = (a, b) => { for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] - b[i]; return 0; };

  /* A name with its words delimited by spaces: all words, the words not ignored, and all without spaces. */
  const spell = (name) => {
    const words = wordsIn(name), stems = words.map(stem);
    return { name, full: spaced(stems.map(likened)), main: spaced(stems.filter((word) => !skipped.has(word)).map(likened)), joined: words.join("") };
  };

  /* For each entry its spellings, its years, and the words of its kind and place; for each word the entries that have it. */
  const spellings = entries.map(([label, spanish, , , names]) => [label, ...(spanish ? [spanish] : []), ...names].map(spell));
  const years = entries.map(([, , , , , , date]) => spaced(dates[date][0].match(/\d{4}/g) ?? []));
  const ofKind = kindWords.map((more, kind) => [...Object.values(kinds).map((labels) => labels[kind]), more].join(" "));
  const told = new Map();
  const others = entries.map(([, , kind, , , about]) => {
    const text = [ofKind[kind], ...abouts[about]].join(" ");
    if (!told.has(text)) told.set(text, spell(text).full);
    return told.get(text);
  });
  const having = new Map();
  entries.forEach((_, number) => {
    for (const word of new Set([...spellings[number].map((one) => one.full), years[number], others[number]].join(" ").split(" "))) {
      if (!having.has(word)) having.set(word, []);
      having.get(word).push(number);
    }
  });
  having.delete("");
  const described = new Map();
  entries.forEach(([, , , , , , , , , told = ""], number) => {
    for (const word of new Set(wordsIn(told).map((one) => likened(stem(one))))) described.set(word, [...(described.get(word) ?? []), number]);
  });

  /* A query word: its forms in a spelling, the word itself first, and marks on the entries that have it. */
  function weigh(word, forms, words, told = []) {
    const marks = new Uint8Array(entries.length);
    let count = 0;
    for (const one of words) for (const number of having.get(one) ?? []) { count += 1 - marks[number]; marks[number] = 1; }
    // Words that are in no name are looked up in the descriptions.
    if (!count) for (const one of told) for (const number of described.get(one) ?? []) { count += 1 - marks[number]; marks[number] = 1; }
    return { word, forms, marks, count, weight: Math.round(10 * Math.log(1 + entries.length / (count || 1))) };
  }
  function want(text, isBeginning, isContent) {
    const start = stem(text), word = likened(start);
    if (!isBeginning) return weigh(word, [` ${word} `], [word], [word]);
    const known = start.length < SHORTEST_PART ? [] : [...new Set([...same.keys()].filter((one) => one.startsWith(start)).map(likened))];
    return weigh(word, [` ${word} `, ` ${start}`, ...known.map((one) => ` ${one} `)], [word, ...known, ...[...having.keys()].filter((one) => one.startsWith(start) && !(isContent && skipped.has(one)))],
      start.length < SHORTEST_GUESS ? [word] : [...described.keys()].filter((one) => one.startsWith(start) || one === word));
  }
  function guess(wanted) {
    if (wanted.word.length < SHORTEST_GUESS || /^\d+$/.test(wanted.word)) return wanted;
    const near = [...having.keys(), ...same.keys()].filter((one) => oneSlipApart(wanted.word, one)).map(likened);
    return near.length ? weigh(wanted.word, near.map((one) => ` ${one} `), near) : wanted;
  }
  /* One letter added, left out or replaced, or two transposed. */
  function oneSlipApart(one, other) {
    if (Math.abs(one.length - other.length) > 1) return false;
    const most = Math.min(one.length, other.length);
    let start = 0, end = 0;
    while (start < most && one[start] === other[start]) start++;
    while (end < most - start && one.at(-1 - end) === other.at(-1 - end)) end++;
    const left = one.slice(start, one.length - end), right = other.slice(start, other.length - end);
    return Math.max(left.length, right.length) < 2 || (left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0]);
  }

  function findJoined(letters) {
    const hits = [];
    if (letters.length >= SHORTEST_PART) spellings.forEach((many, number) => {
      const place = many.findIndex((one) => one.joined.includes(letters)), one = many[place];
      if (one) hits.push({ key: [entries[number][7], Number(!one.joined.startsWith(letters)), Number(isName(number, place)), one.joined.length, number], name: isName(number, place) ? one.name : "", guess: !beginsWord(wordsIn(one.name), letters) });
    });
    return hits.every((hit) => hit.guess) ? hits : hits.map((hit) => ({ ...hit, guess: false }));
  }
  const beginsWord = (words, letters) => words.some((_, place) => words.slice(place).join("").startsWith(letters));
  const isName = (number, place) => place >= (entries[number][1] ? 2 : 1);

  /* The distance of an entry (smaller is closer), and the other name that is as close. */
  function closeness(number, wanted, total, isContent) {
    const first = wanted.slice(0, -1).map((one) => ` ${one.word}`).join(""), last = wanted.at(-1);
    let best = null;
    spellings[number].forEach((one, place) => {
      const text = isContent ? one.main : one.full;
      let has = 0;
      for (const { forms, weight } of wanted) if (forms.some((form) => text.includes(form) || years[number].includes(form))) has += weight;
      const rank = text === `${first} ${last.word} ` ? 0 : last.forms.some((form) => text.startsWith(first + form)) ? 1 : has === total ? 2 : SPREAD;
      const isPart = Number(![text, years[number], rank === SPREAD ? others[number] : ""].some((part) => part.includes(last.forms[0])));
      const key = [rank, total - has, Number(isName(number, place)), isPart, text.length];
      if (!best || compare(key, best.key) < 0) best = { key, name: isName(number, place) ? one.name : "" };
    });
    const [rank, , byName, isPart, length] = best.key;
    return { rank: [rank, isPart, byName, length], name: best.name };
  }

  function rankAll(texts, words, isContent, most, only) {
    const last = texts.at(-1) === words.at(-1) ? texts.length - 1 : -1;
    const wanted = texts.map((text, place) => want(text, place === last, isContent));
    let guessed = wanted;
    if (!entries.some((_, number) => wanted.every(({ marks }) => marks[number]))) {
      const joined = only ? [] : findJoined(texts.join(""));
      if (joined.length) return joined.sort((a, b) => compare(a.key, b.key));
      guessed = wanted.map((one) => (one.count ? one : guess(one)));
    }
    const matched = entries.map((_, number) => (only && !only(number) ? 0 : guessed.reduce((sum, { marks, weight }) => sum + marks[number] * weight, 0)));
    const total = guessed.reduce((sum, one) => sum + one.weight, 0);
    const enough = Math.max(1, ENOUGH * matched.reduce((a, b) => Math.max(a, b), 0), only ? 0 : LEAST * total), isGuess = guessed.some((one, place) => one !== wanted[place]);
    const known = new Set(guessed.flatMap(({ forms }) => forms.map((form) => form.trim())));
    const fits = (number) => 2 * guessed.filter(({ marks }) => marks[number]).length >= guessed.length
      || spellings[number].some(({ main }) => main.trim() && main.trim().split(" ").every((word) => known.has(word)));
    // Missing weight, tier and number combined in one number, which is fast to sort.
    const coarse = [], hits = [], TIERS = 3;
    matched.forEach((weight, number) => {
      const tier = entries[number][7], missing = total - weight + (tier === SAID ? Math.floor(total / LESS) : 0);
      if (weight >= enough && (only || fits(number))) coarse.push((missing * TIERS + tier) * entries.length + number);
    });
    let level = -1;
    for (const one of Float64Array.from(coarse).sort()) {
      const number = one % entries.length, here = (one - number) / entries.length;
      if (hits.length >= most && here > level) break;
      level = here;
      const { rank, name } = closeness(number, guessed, total, isContent);
      hits.push({ key: [Number(rank[0] > 0), here, ...rank, number], name, guess: isGuess });
    }
    return hits.sort((a, b) => compare(a.key, b.key));
  }

  /* Return the matches for a text, best first: {label, kind, why, href, guess}. */
  return function find(text, most, language) {
    const words = wordsIn(text.slice(0, LONGEST)).slice(0, MOST_WORDS), stems = words.map(stem);
    const content = words.filter((_, place) => !skipped.has(stems[place]));
    let hits = words.length ? rankAll(content.length ? content : words, words, content.length > 0, most) : [];
    const asked = stems.filter((one) => questioning.has(one)), like = asked.filter((one) => same.has(one));
    const wanted = [...new Set((like.length ? like : content.map(stem)).map(likened))];
    const least = Math.min(wanted.length, Math.max(2, Math.ceil(wanted.length / 2)));
    const numberOf = (hit) => hit.key.at(-1);
    if (content.length && asked.length) {
      const [best] = rankAll(words.filter((_, place) => !skipped.has(stems[place]) || questioning.has(stems[place])), words, false, 1, (number) => entries[number][7] === QUESTION && wanted.filter((one) => having.get(one)?.includes(number)).length >= least);
      if (best && (!hits.length || numberOf(hits[0]) !== numberOf(best))) hits = [...hits.slice(0, 1), best, ...hits.slice(1).filter((hit) => numberOf(hit) !== numberOf(best))];
    }
    return hits.slice(0, most).map((hit) => {
      const [label, spanish, kind, address, , about, date, , value] = entries[numberOf(hit)], inSpanish = language === "es";
      const [href, inOther] = Array.isArray(address) ? address : [address, around.join(address)];
      const shown = (inSpanish && spanish) || label, place = (inSpanish && abouts[about][1]) || abouts[about][0];
      const known = [hit.name && hit.name !== shown ? `“${hit.name}”` : "", place, dates[date][inSpanish ? 1 : 0]].filter((part) => part && !shown.includes(part));
      const why = [values[value][inSpanish ? 1 : 0], ...known].filter(Boolean);
      return { label: shown, kind: (kinds[language] ?? kinds.en)[kind], why: why.join(" · "), href: inSpanish ? inOther : href, guess: Boolean(hit.guess) };
    });
  };
};
