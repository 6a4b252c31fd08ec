import { plain } from "../../../bot/skills/markdown";

test.each([
  ["Lunch?", "Lunch?"],
  ["a_b *c* `d` ~e~ | f", "a\\_b \\*c\\* \\`d\\` \\~e\\~ \\| f"],
  ["back\\slash & co", "back\\\\slash \\& co"],
  ["two\r\n\r\nlines", "two lines"],
  ["- not a list", "\\- not a list"],
  ["1. not a list", "1\\. not a list"],
])("%j shows as it is", (text, markdown) => {
  expect(plain(text)).toBe(markdown);
});

test.each([
  ["Pay at https://evil.example/a.b?c=d now", "Pay at https\\[:\\]//evil\\[.\\]example/a\\[.\\]b?c=d now"],
  ["HTTP://evil.example", "HTTP\\[:\\]//evil\\[.\\]example"],
  ["(http://evil.example).", "(http\\[:\\]//evil\\[.\\]example)\\[.\\]"],
  ["ftp://evil.example", "ftp\\[:\\]//evil\\[.\\]example"],
  ["https://contoso.com@evil.example", "https\\[:\\]//contoso\\[.\\]com@evil\\[.\\]example"],
  ["https:\\\\evil.example", "https\\[:\\]\\\\\\\\evil\\[.\\]example"],
  ["http:evil.example", "http\\[:\\]evil\\[.\\]example"],
  ["custom+app://evil", "custom+app\\[:\\]//evil"],
  ["javascript:alert(1)", "javascript\\[:\\]alert(1)"],
  ["mailto:eve@evil.example", "mailto\\[:\\]eve@evil\\[.\\]example"],
  ["see,https://evil.example", "see,https\\[:\\]//evil\\[.\\]example"],
  ["www.evil.example", "www\\[.\\]evil\\[.\\]example"],
  ["evil.com/login", "evil\\.com/login"],
  ["evil.com/@x", "evil\\.com/@x"],
  ["ht\u200btps://evil.example", "https\\[:\\]//evil\\[.\\]example"],
  ["ht\ufefftp://evil.example", "http\\[:\\]//evil\\[.\\]example"],
  ["sam@contoso.com", "sam@contoso.com"],
  ["Re: Lunch at 12:30? Room 1.2", "Re: Lunch at 12:30? Room 1.2"],
])("%j is no link in any client", (text, markdown) => {
  expect(plain(text)).toBe(markdown);
});

test.each([
  ["invoice\u202egnp.exe", "invoicegnp\\.exe"],
  ["\u2066left\u2069 \u200eright\u200f \u061carabic", "left right arabic"],
  ["a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg", "abcdefg"],
  ["hidden\u{e0068}\u{e0069}", "hidden"],
  ["bell\u0007 and null\u0000", "bell and null"],
  ["half \ud83d", "half"],
  ["\u2764\ufe0f Zoë مرحبا 👍", "\u2764\ufe0f Zoë مرحبا 👍"],
])("%j shows what is to be seen, in the order in which it stands", (text, markdown) => {
  expect(plain(text)).toBe(markdown);
});
