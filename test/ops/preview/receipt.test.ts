import { type Ending, receiptEnding, receiptOf, receiptText } from "../../../ops/preview/receipt";
import { type Found, nothingFound, type InventoryItem, type ItemKind } from "../../../ops/azure/inventory/found";

const item = (kind: ItemKind, name: string, given: Partial<InventoryItem> = {}): InventoryItem => ({
  kind,
  name,
  id: `/${name}`,
  tags: {},
  ...given,
});
const found = (...items: InventoryItem[]): Found => ({ ...nothingFound, items });
const ending = (given: Partial<Ending> = {}): Ending => ({
  name: { title: "42", stack: "pr-42" },
  before: nothingFound,
  after: nothingFound,
  stack: { before: 0, left: 0 },
  file: { before: 0, left: 0 },
  reasons: new Map<string, string>(),
  now: new Date("2026-11-22T06:42:09.123Z"),
  milliseconds: 12_246,
  calls: 26,
  notChecked: [],
  ...given,
});
const group = item("resource group", "bot-pr-42");
const deletedSite = item("deleted web app", "bot", { kept: true, until: "2026-12-22T06:00:00.000Z" });

test("a preview that is gone: all zeros, and what Azure keeps is named with its date, never called clean", () => {
  const receipt = receiptOf(
    ending({
      before: found(group, item("application", "bot"), item("application", "sign-in")),
      after: found(deletedSite),
      stack: { before: 1, left: 0 },
      copies: { before: 1, left: 0 },
      notChecked: ["versions of the state, where its storage account keeps them"],
    }),
  );
  expect([receipt.outcome, receiptEnding(receipt)]).toEqual(["gone", "done"]);
  expect(receiptText(receipt)).toBe(`### Preview 42 is gone

| What                                                | Before | Left |
| --------------------------------------------------- | -----: | ---: |
| Resource group                                      |      1 |    0 |
| Resources in it                                     |      0 |    0 |
| Tagged resources elsewhere                          |      0 |    0 |
| Tagged secrets in vaults elsewhere                  |      0 |    0 |
| Passwords at applications of others                 |      0 |    0 |
| Role assignments outside the group                  |      0 |    0 |
| Deployment records of the subscription              |      0 |    0 |
| Applications                                        |      2 |    0 |
| Service principals                                  |      0 |    0 |
| Permission grants                                   |      0 |    0 |
| Deleted applications (30 days in Entra's bin)       |      0 |    0 |
| Deleted service principals (30 days in Entra's bin) |      0 |    0 |
| Deleted vaults, with their secrets                  |      0 |    0 |
| Deleted log workspaces (14 days)                    |      0 |    0 |
| Pulumi's stack                                      |      1 |    0 |
| Pulumi's copies of the state                        |      1 |    0 |
| The stack's settings file                           |      0 |    0 |

Azure keeps, and nobody can remove sooner:

- deleted web app bot, until 2026-12-22

Not checked: tokens that users left in the Token Service; installations in Teams and its catalogue; versions of the state, where its storage account keeps them.

Asked last at 2026-11-22T06:42:09Z; took 12.2 s, and 26 calls besides Pulumi's own.`);
});

test("a preview that never was is a success and says so, whatever Azure still keeps of an earlier one", () => {
  const receipt = receiptOf(ending({ before: found(deletedSite), after: found(deletedSite) }));
  expect([receipt.outcome, receiptEnding(receipt)]).toEqual(["nothing was there", "done"]);
  expect(receiptText(receipt)).toContain("### There is no preview 42, and nothing of one that anybody could remove\n");
});

test("what is left is listed with Azure's own words, with what is known, or with how little is known", () => {
  const receipt = receiptOf(
    ending({
      before: found(group),
      after: {
        ...found(
          group,
          item("resource", "vault"),
          item("deleted application", "bot"),
          item("resource elsewhere", "moved", { group: "other" }),
        ),
        untold: [{ kind: "grant", why: "Authorization_RequestDenied: Insufficient | privileges\nto complete." }],
      },
      stack: { before: 1, left: 1, why: "kept, because what it made is still there" },
      file: { before: 1, left: 1 },
      reasons: new Map([
        ["/bot-pr-42", "ScopeLocked: It is locked."],
        ["/moved", "a person has to judge"],
      ]),
    }),
  );
  expect([receipt.outcome, receiptEnding(receipt)]).toEqual(["left", "left"]);
  const text = receiptText(receipt);
  expect(text).toContain("### Preview 42 is not gone: 6 things are left\n");
  expect(text).toContain("| Permission grants                                   |      0 |    1 |");
  expect(
    text
      .split("Left, and why:")[1]!
      .split("Not checked")[0]!
      .trim()
      .split("\n")
      .map((line) => line.replace(/ +/g, " ")),
  ).toEqual([
    "| What | Why |",
    expect.stringMatching(/^\| -+ \| --- \|$/),
    "| resource group bot-pr-42 | ScopeLocked: It is locked. |",
    "| resource vault | it goes with its group |",
    "| deleted application bot | Azure took the deletion and still shows it |",
    "| resource elsewhere moved in other | a person has to judge |",
    "| Permission grants: not known | Authorization_RequestDenied: Insufficient \\| privileges to complete. |",
    "| Pulumi's stack pr-42 | kept, because what it made is still there |",
  ]);
});
