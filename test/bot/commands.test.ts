import { type Command, parseCommand } from "../../bot/commands";

const cases: [string, Command][] = [
  ["mail", { kind: "mail" }],
  ["  MAIL! ", { kind: "mail" }],
  ["Who am I?", { kind: "who am i" }],
  ["who  am\ti", { kind: "who am i" }],
  ["help", { kind: "help" }],
  ["?", { kind: "help" }],
  ["Sign out.", { kind: "sign out" }],
  ["logout", { kind: "sign out" }],
  ["send sam@contoso.com Hello", { kind: "send", to: "sam@contoso.com", text: "Hello" }],
  [
    "Send to <sam@contoso.com> Hello, Sam:\nsee you",
    { kind: "send", to: "sam@contoso.com", text: "Hello, Sam:\nsee you" },
  ],
  ["send sam@contoso.com: Hello", { kind: "send", to: "sam@contoso.com", text: "Hello" }],
  ["send sam@contoso.com", { kind: "send misspelt" }],
  ["send Hello to sam@contoso.com", { kind: "send misspelt" }],
  ["send a@b@contoso.com Hello", { kind: "send misspelt" }],
  ["send sam@localhost Hello", { kind: "send misspelt" }],
  ["send", { kind: "send misspelt" }],
  ["123456", { kind: "code", code: "123456" }],
  [" 012345 ", { kind: "code", code: "012345" }],
  ["123 456", { kind: "code", code: "123456" }],
  ["12345", { kind: "code misspelt" }],
  ["1234567", { kind: "code misspelt" }],
  ["aadsts50011", { kind: "sign-in error", text: "aadsts50011" }],
  ["Sorry. AADSTS500113: No reply address", { kind: "sign-in error", text: "Sorry. AADSTS500113: No reply address" }],
  ["send sam@contoso.com AADSTS50011", { kind: "send", to: "sam@contoso.com", text: "AADSTS50011" }],
  ["AADSTS1", { kind: "unknown" }],
  ["my code is 123456", { kind: "unknown" }],
  ["sender", { kind: "unknown" }],
  ["toString", { kind: "unknown" }],
  ["", { kind: "unknown" }],
];

test.each(cases)("%j is understood", (message, command) => {
  expect(parseCommand(message)).toEqual(command);
});
