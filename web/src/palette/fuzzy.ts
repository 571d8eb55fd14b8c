/** How well the letters of a query are found in a text in their order, and where; null where they are not. Higher is better. */
export function match(query: string, text: string): { score: number; at: number[] } | null {
  const wanted = query.toLowerCase().replace(/\s+/g, '');
  const lower = text.toLowerCase();
  let best: { score: number; at: number[] } | null = null;
  // From every place where the first letter stands: the first one is not always the best.
  for (let start = lower.indexOf(wanted[0] ?? ''); start >= 0 && wanted; start = lower.indexOf(wanted[0]!, start + 1)) {
    const at = from(wanted, lower, start);
    if (!at) break;
    const score = scoreOf(at, text);
    if (!best || score > best.score) best = { score, at };
  }
  return wanted ? best : { score: 0, at: [] };
}

function from(wanted: string, text: string, start: number): number[] | null {
  const at: number[] = [];
  let place = start;
  for (const letter of wanted) {
    place = text.indexOf(letter, place);
    if (place < 0) return null;
    at.push(place);
    place += letter.length;
  }
  return at;
}

/** Letters that follow each other and that begin words count more; long texts a little less. */
function scoreOf(at: readonly number[], text: string): number {
  let score = 0;
  at.forEach((place, i) => {
    score += 1;
    if (i > 0 && place === at[i - 1]! + 1) score += 4;
    const before = text[place - 1];
    if (before === undefined) score += 6;
    else if (/[\s/_.\-(“]/.test(before) || (/[a-z]/.test(before) && /[A-Z]/.test(text[place]!))) score += 3;
  });
  return score - text.length / 100;
}
