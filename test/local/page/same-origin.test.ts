import { isSameOrigin } from "../../../local/page/same-origin";

test.each<[boolean, string, Record<string, string>]>([
  [true, "the page itself", { origin: "http://localhost:5100", "sec-fetch-site": "same-origin" }],
  [true, "curl", {}],
  [false, "another page", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
  [false, "another port of this machine", { origin: "http://localhost:3000", "sec-fetch-site": "same-site" }],
  [false, "a page without an origin", { origin: "null" }],
  [false, "an old browser's other page", { origin: "http://localhost:3000" }],
])("%p: %s may switch faults", (allowed, _, headers) => {
  expect(isSameOrigin(new Request("http://localhost:5100/faults/on", { method: "POST", headers }))).toBe(allowed);
});
