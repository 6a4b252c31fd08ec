import { deploying } from "../../../ops/pulumi/deploying";

test.each([
  ["dev", "pulumi up --stack dev"],
  ["contoso/bot-sign-in/prod", "pulumi up --stack contoso/bot-sign-in/prod"],
  ["pr-42", "npm run preview -- up 42"],
  ["contoso/bot-sign-in/pr-42", "npm run preview -- up 42"],
  ["branch-mail-1a2b3c4d", "npm run preview -- up <branch>"],
  ["pr-0042", "pulumi up --stack pr-0042"],
])("the stack %s is deployed by the command that its kind has", (stack, command) => {
  expect(deploying(stack)).toBe(command);
});
