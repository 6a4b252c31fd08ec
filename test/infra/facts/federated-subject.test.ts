import { shortGuid, tokenStore, tokenStoreProof } from "../../../infra/facts/federated-subject";

// The encoded forms stand in Microsoft's documents and public deployment scripts; the last one shows the order of the bytes.
test.each([
  ["72f988bf-86f1-41af-91ab-2d7cd011db47", "v4j5cvGGr0GRqy180BHbRw"],
  ["33e01921-4d64-4f8c-a055-5bdaffd5e33d", "IRngM2RNjE-gVVva_9XjPQ"],
  ["975f013f-7f24-47e8-a7d3-abc4752bf346", "PwFflyR_6Een06vEdSvzRg"],
  ["cdc5aeea-15c5-4db6-b079-fcadd2505dc2", "6q7FzcUVtk2wefyt0lBdwg"],
  ["5b404cf4-a79d-4cfe-b866-24bf8e1a4921", "9ExAW52n_ky4ZiS_jhpJIQ"],
  ["f3723d34-6ff5-4ceb-a148-d99dcd2511fc", "ND1y8_Vv60yhSNmdzSUR_A"],
  ["6d49904d-ce08-4e4d-bcf0-26c4142fc209", "TZBJbQjOTU688CbEFC_CCQ"],
  ["01234567-89ab-cdef-0123-456789abcdef", "Z0UjAauJ780BI0VniavN7w"],
])("the GUID %s is written %s, whatever its case", (guid, text) => {
  expect(shortGuid(guid)).toBe(text);
  expect(shortGuid(guid.toUpperCase())).toBe(text);
});

test("the whole subject is Microsoft's own example, the issuer that of the tenant", () => {
  expect(tokenStoreProof("72f988bf-86f1-41af-91ab-2d7cd011db47", "graph-connection")).toEqual({
    issuer: "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0",
    subject: "/eid1/c/pub/t/v4j5cvGGr0GRqy180BHbRw/a/9ExAW52n_ky4ZiS_jhpJIQ/graph-connection",
  });
  expect(tokenStore).toBe("5b404cf4-a79d-4cfe-b866-24bf8e1a4921");
});

test.each(["", "/eid1/c/pub/t/v4j5cvGGr0GRqy180BHbRw/a/9ExAW52n_ky4ZiS_jhpJIQ/tail", "a b"])(
  "%j is no tail: the whole subject there makes every sign-in link fail",
  (tail) => {
    expect(() => tokenStoreProof("72f988bf-86f1-41af-91ab-2d7cd011db47", tail)).toThrow(RangeError);
  },
);

test.each(["common", "72f988bf86f141af91ab2d7cd011db47", ""])("%j is no tenant", (tenant) => {
  expect(() => tokenStoreProof(tenant, "tail")).toThrow(RangeError);
});
