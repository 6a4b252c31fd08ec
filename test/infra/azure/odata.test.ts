import { odataText } from "../../../infra/azure/odata";

test.each([
  ["dev", "'dev'"],
  ["Kim's bot", "'Kim''s bot'"],
  // Whoever names a thing like that must not choose what a filter finds.
  ["x' or '1' eq '1", "'x'' or ''1'' eq ''1'"],
])("%s stays one text of a filter", (text, written) => {
  expect(odataText(text)).toBe(written);
});
