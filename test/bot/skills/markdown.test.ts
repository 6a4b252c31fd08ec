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
