/**
 * The candidate that a person most probably meant, or undefined where none is close.
 * Close means: at most a third of the letters differ, and case does not count.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const [best] = ranked(word, candidates);
  return best && best.edits <= Math.max(1, Math.floor(best.candidate.length / 3)) ? best.candidate : undefined;
}

/** So many of the candidates, those first that are most like the word. */
export function mostLike(word: string, candidates: readonly string[], most: number): string[] {
  return ranked(word, candidates)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

function ranked(word: string, candidates: readonly string[]): { candidate: string; edits: number }[] {
  return candidates
    .map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
}

/** Number of letters to insert, delete, replace or swap with a neighbour to turn one word into the other. */
function distance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1;
      let least = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        least = Math.min(least, rows[i - 2]![j - 2]! + 1);
      }
      row.push(least);
    }
    rows.push(row);
  }
  return rows[from.length]![to.length]!;
}
