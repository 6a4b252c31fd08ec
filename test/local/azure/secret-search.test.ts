import { createHash } from "node:crypto";
import fc from "fast-check";
import { SecretSearch } from "../../../local/azure/secret-search";

const secret = "Zx8Q~w4/+kP9vR2mT7yB1nC6dF3gH5jL0aS=qE";
const awkward = 'pä"ss\\w&rd <1> 100%+plus';
const search = new SecretSearch();
for (const one of [secret, awkward, "s3cret!", "493027", "short"]) search.add(one, "lasting");

const numbered = (number: number): string => createHash("sha256").update(String(number)).digest("base64url");
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const forms: Record<string, (value: string) => string> = {
  "as it is": (value) => value,
  "in an address": encodeURIComponent,
  "in a form": (value) => new URLSearchParams({ client_secret: value }).toString(),
  "in an address in an address": (value) => encodeURIComponent(encodeURIComponent(value)),
  "in JSON": (value) => JSON.stringify({ value }),
  "in JSON in JSON": (value) => JSON.stringify({ body: JSON.stringify({ value }) }),
  "in JSON with escapes for all that is not ASCII": (value) =>
    JSON.stringify(value).replace(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`),
  "in HTML": (value) => value.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`),
  "in HTML by name": (value) => value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;"),
  "in base64": base64,
  "in base64url": (value) => Buffer.from(value).toString("base64url"),
  "in a Basic header": (value) => `Basic ${base64(`client:${value}`)}`,
  "in a Basic header of one more character": (value) => `Basic ${base64(`client1:${value}`)}`,
  "in a Basic header of two more": (value) => `Basic ${base64(`client12:${value}`)}`,
  "in base64 behind a path": (value) => `/keys/x/${base64(value)}`,
  "in JSON in base64 in an address": (value) => encodeURIComponent(base64(JSON.stringify({ key: value }))),
  "in a claim": (value) => `e30.${Buffer.from(JSON.stringify({ sub: value })).toString("base64url")}.x`,
};

test.each(Object.keys(forms))("a secret %s is hidden, and the text around it stays", (name) => {
  for (const value of [secret, awkward]) {
    const text = `before ${forms[name]!(value)} after`;
    const shown = search.hide(text);
    expect(shown).toMatch(/^before .*\(hidden, \d+ characters\).* after$/);
    for (const form of Object.values(forms)) expect(shown).not.toContain(form(value));
    expect(shown).not.toContain(value.slice(8, 23));
  }
});

test("a text cut anywhere shows at most fourteen characters in a row of a secret", () => {
  for (let at = 0; at < secret.length; at++) {
    for (const part of [secret.slice(0, at), secret.slice(at)]) {
      const shown = search.hide(`"${part}`);
      for (let from = 0; from + 15 <= secret.length; from++) expect(shown).not.toContain(secret.slice(from, from + 15));
    }
  }
});

test("a short secret is hidden where it stands alone, and no word that only holds it", () => {
  expect(search.hide('{"text":"493027"} s3cret! 1493027 4930271')).toBe(
    '{"text":"(hidden, 6 characters)"} (hidden, 7 characters) 1493027 4930271',
  );
});

test("what is too short to be told from other text is left to the names of fields", () => {
  expect(search.hide("a short text")).toBe("a short text");
});

test("a text without a secret stays as it is, to the character", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      expect(search.hide(text)).toBe(text);
    }),
    { numRuns: 60, seed: 7 },
  );
});

test("any secret in any text is hidden in every form", () => {
  const texts = fc.string({ unit: "grapheme-ascii", maxLength: 40 });
  const secrets = fc.string({ unit: "grapheme", minLength: 16, maxLength: 60 });
  fc.assert(
    fc.property(texts, secrets, fc.constantFrom(...Object.values(forms)), texts, (before, value, form, after) => {
      const own = new SecretSearch();
      own.add(value, "lasting");
      expect(own.hide(`${before} ${form(value)} ${after}`)).not.toContain(form(value));
    }),
    { numRuns: 150, seed: 11 },
  );
});

test("secrets that end by themselves are forgotten oldest first; those that last never are", () => {
  const own = new SecretSearch();
  own.add("lasting-secret-0", "lasting");
  for (let number = 0; number < 3_002; number++) own.add(numbered(number), "passing");
  expect(own.all).toHaveLength(3_001);
  const texts = ["lasting-secret-0", ...[0, 1, 2, 3_001].map(numbered)];
  expect(texts.map((text) => own.hide(text) !== text)).toEqual([true, false, false, true, true]);
});

test("a long text takes its time by its own length, not by the number of secrets", () => {
  const text = '{"id":"/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg","tags":{}},'.repeat(700);
  const own = new SecretSearch();
  const time = (): number => {
    const began = performance.now();
    for (let times = 0; times < 3; times++) expect(own.hide(text)).toBe(text);
    return performance.now() - began;
  };
  own.add(numbered(0), "lasting");
  time();
  const few = time();
  for (let number = 1; number < 3_000; number++) own.add(numbered(number), "lasting");
  // By the number it would be three thousand times as long.
  expect(time()).toBeLessThan(100 * few);
});
