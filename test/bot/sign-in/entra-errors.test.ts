import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fixOfEntraError, entraErrorIn, meaningOfEntraError } from "../../../bot/sign-in/entra-errors";
import { entraMeanings } from "../../../bot/sign-in/entra-meanings";

// The numbers of the list of problems that users meet most, and others of Entra's published list:
// https://learn.microsoft.com/entra/identity-platform/reference-error-codes

/** Every number of that list, in its order. */
const published = readFileSync(join(__dirname, "../../fixtures/entra-error-codes.txt"), "utf8").trim().split(/\s+/);

/** What the sentence has to lead the user to. */
const rows: readonly [number: string, leads: RegExp][] = [
  ["50105", /assigned.*Ask your administrator to assign you/],
  ["50020", /not one of the organisation.*invite you/],
  ["50034", /not one of the organisation.*choose your account/],
  ["53003", /Conditional Access.*administrator/],
  ["50076", /second proof.*Press the button of the card again/],
  ["50079", /second proof.*mfasetup/],
  ["530003", /only devices that it manages/],
  ["50173", /sign-in is over.*new card/],
  ["50126", /password is not right.*Try again/],
  ["65001", /Press the button of the card again and accept/],
  ["65004", /declined.*accept on the consent page/],
  ["90094", /administrator.*has to allow/],
  ["700016", /tell whoever runs me/],
  ["700051", /tell whoever runs me/],
  ["900144", /tell whoever runs me/],
  ["50011", /tell whoever runs me/],
  ["7000215", /tell whoever runs me/],
  ["50053", /locked/],
  ["50055", /new password/],
  ["50057", /switched off/],
  ["50058", /new card/],
  ["50072", /mfasetup/],
  ["50074", /second proof/],
  ["50097", /devices that it manages/],
  ["50131", /Conditional Access/],
  ["50133", /new password/],
  ["50140", /no error/],
  ["50196", /too many attempts/],
  ["53000", /devices that it manages/],
  ["54005", /used already/],
  ["70008", /new card/],
  ["700082", /new card/],
  ["80002", /sign-in service of your own organisation/],
  ["90033", /trouble of its own/],
];

test.each(rows)("AADSTS%s: the user reads what it means for him and what he can do", (number, leads) => {
  expect(meaningOfEntraError(`Sorry. AADSTS${number}: something. Trace ID: 1`)).toMatch(leads);
});

test("every number that Microsoft publishes has a sentence", () => {
  expect(published.length).toBeGreaterThan(340);
  expect(published.filter((number) => meaningOfEntraError(`AADSTS${number}`) === undefined)).toEqual([]);
});

test("no number has two sentences, and no sentence holds what only an operator can type", () => {
  const numbers = entraMeanings.flatMap((meaning) => meaning.numbers);
  expect(numbers.length).toBe(new Set(numbers).size);
  for (const { user } of entraMeanings) {
    expect(user).not.toMatch(/pulumi|npm|\baz\b|drift|redirect address|scope|client secret/i);
    expect(user).toMatch(/\.$/);
  }
});

test("what a user is told to pass on has a fix for whoever runs the bot, where one is known", () => {
  expect(fixOfEntraError("AADSTS50011: no")).toMatch(/pulumi up/);
  expect(fixOfEntraError("AADSTS7000215")).toMatch(/npm run rotate/);
  expect(fixOfEntraError("AADSTS50126")).toBe("Nothing is wrong with the set-up.");
  expect(fixOfEntraError("AADSTS50089")).toBeUndefined();
});

test("a number that is unknown here has no sentence, and text without one no number", () => {
  expect(meaningOfEntraError("AADSTS99999")).toBeUndefined();
  expect(meaningOfEntraError("it does not work")).toBeUndefined();
  expect(entraErrorIn("it does not work")).toBeUndefined();
  expect(entraErrorIn("aadsts50011 it said")).toBe("AADSTS50011");
  expect(entraErrorIn("AADSTS 50011")).toBe("AADSTS50011");
  expect(entraErrorIn("AADSTS90023130: longer than any of today's")).toBe("AADSTS90023130");
});
