/** Characters of a block, by which a text is looked up. */
const block = 8;
/** A piece of a secret of so many characters is hidden, too: any such piece holds a whole block. */
const piece = 2 * block - 1;
/** Shorter secrets are hidden where they stand as a whole word; below the shortest they cannot be told from other text. */
const shortest = 6;
/** Of a longer secret only the blocks of its beginning are looked up: without it the rest is worth nothing. */
const lookedUp = 128;
/** Secrets that end by themselves are forgotten in the order in which they were made. */
const mostPassing = 3_000;
/** Escapes within escapes that are opened: a code in an address in an address. */
const depth = 3;
const half = block / 2;
const hashBits = 20;
/** Of a count in eight bits. */
const full = 255;

/** Looked up once: where tests run, each look-up of a global costs more than the multiplication. */
const { imul } = Math;

/** Half open: from a character up to another. */
type Range = readonly [from: number, to: number];

interface Place {
  readonly secret: string;
  readonly at: number;
}

/**
 * Finds secrets in texts: whole, in pieces (a text may be cut anywhere), and encoded: base64 at any alignment, and percent,
 * JSON and HTML escapes around either. The time grows with the text, not with the number of secrets.
 */
export class SecretSearch {
  readonly #blocks = new Map<string, Place[]>();
  readonly #words = new Set<string>();
  /** Whether any secret has a space, which forms write as a plus sign. */
  #spaces = false;
  readonly #lasting = new Set<string>();
  readonly #passing = new Set<string>();
  /** By a hash of a block's first half, and of its second: how many such blocks there are. They spare most lookups. */
  readonly #begins = new Uint8Array(1 << hashBits);
  readonly #ends = new Uint8Array(1 << hashBits);

  /** Secrets that last. */
  get lasting(): readonly string[] {
    return [...this.#lasting];
  }

  /** Every secret that is known now. */
  get all(): readonly string[] {
    return [...this.#lasting, ...this.#passing];
  }

  add(secret: string, kind: "lasting" | "passing"): void {
    if (secret.length < shortest || this.#lasting.has(secret) || this.#passing.has(secret)) return;
    (kind === "lasting" ? this.#lasting : this.#passing).add(secret);
    for (const form of formsOf(secret)) this.#index(form);
    for (const oldest of this.#passing) {
      if (this.#passing.size <= mostPassing) break;
      this.#passing.delete(oldest);
      for (const form of formsOf(oldest)) this.#forget(form);
    }
  }

  /** The text with every secret and every piece of one replaced by how long it was. */
  hide(text: string): string {
    const found = merged(this.#find(text, depth));
    let shown = "";
    let at = 0;
    for (const [from, to] of found) {
      shown += `${text.slice(at, from)}(hidden, ${to - from} characters)`;
      at = to;
    }
    return at === 0 ? text : shown + text.slice(at);
  }

  #index(form: string): void {
    this.#spaces ||= form.includes(" ");
    if (form.length < block) {
      this.#words.add(form);
      return;
    }
    for (const at of blocksOf(form)) {
      const key = form.slice(at, at + block);
      const places = this.#blocks.get(key);
      if (places) places.push({ secret: form, at });
      else this.#blocks.set(key, [{ secret: form, at }]);
      this.#count(form, at, 1);
    }
  }

  /** A count that is full stays so: what it stood for may be forgotten, and costs a lookup more from then on. */
  #count(form: string, at: number, by: 1 | -1): void {
    for (const [counts, from] of [
      [this.#begins, at],
      [this.#ends, at + half],
    ] as const) {
      const hash = hashAt(form, from);
      const count = counts[hash] as number;
      if (count < full) counts[hash] = count + by;
    }
  }

  #forget(form: string): void {
    this.#words.delete(form);
    for (const at of form.length < block ? [] : blocksOf(form)) {
      const key = form.slice(at, at + block);
      this.#count(form, at, -1);
      const left = (this.#blocks.get(key) ?? []).filter(({ secret }) => secret !== form);
      if (left.length) this.#blocks.set(key, left);
      else this.#blocks.delete(key);
    }
  }

  #find(text: string, levels: number): Range[] {
    const found = [...this.#plain(text), ...this.#asWords(text)];
    if (levels === 0) return found;
    const opened = unescaped(text, this.#spaces ? escapeOrPlus : escape);
    if (opened) {
      for (const [from, to] of this.#find(opened.text, levels - 1)) {
        found.push([opened.begins[from] as number, opened.ends[to - 1] as number]);
      }
    }
    return found;
  }

  #plain(text: string): Range[] {
    const found: Range[] = [];
    const [begins, ends] = [this.#begins, this.#ends];
    let one = text.charCodeAt(0);
    let two = text.charCodeAt(1);
    let three = text.charCodeAt(2);
    let done = 0;
    const last = text.length - block;
    // Most of the local Azure's time goes into this loop: every text that passes through it is searched.
    for (let at = 0; at <= last; at++) {
      const four = text.charCodeAt(at + 3);
      const hash = hashOf(one, two, three, four);
      one = two;
      two = three;
      three = four;
      if (begins[hash] === 0 || at < done || ends[hashAt(text, at + half)] === 0) continue;
      for (const place of this.#blocks.get(text.slice(at, at + block)) ?? []) {
        const [from, to] = extended(text, at, place);
        if (to - from < Math.min(piece, place.secret.length)) continue;
        found.push([from, to]);
        // A piece of another secret may begin within this one's last characters.
        done = Math.max(done, to - block + 1);
      }
    }
    return found;
  }

  #asWords(text: string): Range[] {
    if (this.#words.size === 0) return [];
    return [...text.matchAll(/[\w!@$*.~^-]{6,7}/g)].flatMap(({ 0: word, index }): Range[] => {
      const alone = !/[\w]/.test(text[index - 1] ?? " ") && !/[\w]/.test(text[index + word.length] ?? " ");
      return alone && this.#words.has(word) ? [[index, index + word.length]] : [];
    });
  }
}

/** A secret as it is, as its bytes read where their encoding is not known, and these in base64. */
function formsOf(secret: string): string[] {
  const plain = new Set([secret, Buffer.from(secret).toString("latin1")]);
  const encoded = [secret, JSON.stringify(secret).slice(1, -1)].flatMap(inBase64);
  return [...new Set([...plain, ...encoded])];
}

/** What a text's base64 holds for certain, whatever stands before and behind it: one for each of three alignments. */
function inBase64(text: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    const whole = bytes.toString("base64").replace(/=+$/, "");
    const form = whole.slice(before && before + 1, bytes.length % 3 ? -1 : undefined);
    return form.length < block ? [] : [form, form.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

function blocksOf(form: string): number[] {
  const length = Math.min(form.length, lookedUp);
  const places = Array.from({ length: Math.floor(length / block) }, (_, at) => at * block);
  if (form.length >= block && length % block) places.push(length - block);
  return places;
}

/** Of the four characters from a place on. */
function hashAt(text: string, at: number): number {
  return hashOf(text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2), text.charCodeAt(at + 3));
}

function hashOf(one: number, two: number, three: number, four: number): number {
  return imul((one | (two << 8)) ^ imul(three | (four << 8), 0x9e3779b1), 0x85ebca6b) >>> (32 - hashBits);
}

/** How far a text goes on like a secret, in both directions from a block that they share. */
function extended(text: string, at: number, place: Place): Range {
  let before = 0;
  while (before < Math.min(at, place.at) && text[at - before - 1] === place.secret[place.at - before - 1]) before++;
  let after = block;
  const most = Math.min(text.length - at, place.secret.length - place.at);
  while (after < most && text[at + after] === place.secret[place.at + after]) after++;
  return [at - before, at + after];
}

function merged(ranges: Range[]): Range[] {
  const result: Range[] = [];
  for (const [from, to] of ranges.sort(([one], [other]) => one - other)) {
    const last = result.at(-1);
    if (last && from <= last[1]) result[result.length - 1] = [last[0], Math.max(last[1], to)];
    else result.push([from, to]);
  }
  return result;
}

const escape =
  /%([0-9a-f]{2})|\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|\\(["'\\/bfnrt])|&#(\d{1,6});|&#x([0-9a-f]{1,6});|&(amp|lt|gt|quot|apos);/gi;
const escapeOrPlus = new RegExp(`${escape.source}|(\\+)`, "gi");
const named: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** A text without its escapes, and where each of its characters comes from; undefined where it has none. */
function unescaped(
  text: string,
  escape: RegExp,
): { readonly text: string; readonly begins: Uint32Array; readonly ends: Uint32Array } | undefined {
  const escapes = [...text.matchAll(escape)];
  if (escapes.length === 0) return undefined;
  // An escape is never shorter than what it stands for.
  const begins = new Uint32Array(text.length);
  const ends = new Uint32Array(text.length);
  let opened = "";
  let at = 0;
  let length = 0;
  const copy = (to: number): void => {
    opened += text.slice(at, to);
    while (at < to) {
      begins[length] = at++;
      ends[length++] = at;
    }
  };
  for (const found of escapes) {
    copy(found.index);
    opened += meant(found);
    begins[length] = at;
    at += found[0].length;
    ends[length++] = at;
  }
  copy(text.length);
  return { text: opened, begins, ends };
}

/** The one character that an escape stands for. */
function meant([, percent, unicode, hex, short, decimal, numeric, entity, plus]: RegExpExecArray): string {
  if (plus) return " ";
  const code = percent ?? unicode ?? hex ?? numeric;
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
  if (decimal !== undefined) return String.fromCharCode(Number(decimal));
  return named[entity ?? short ?? ""] ?? short ?? "";
}
