import { protection } from "../../../infra/provider/protection";

const provider = protection("prod");
const inputs = { protect: true, what: "The bot-sign-in of the stack prod" };

test("what is protected does not go, and the refusal names the way to let it go", async () => {
  await expect(provider.delete("protection", inputs)).rejects.toThrow(
    "The bot-sign-in of the stack prod is protected, and --ignore-protect does not change that: nothing of it was deleted. " +
      "Where users may lose their bot, take the protection off first: pulumi config set protect false --stack prod, pulumi up --stack prod, then destroy.",
  );
  await provider.delete("protection", { ...inputs, protect: false });
});

test("taking the protection off is an update, never a deletion that would refuse itself", async () => {
  const off = { ...inputs, protect: false };
  expect(await provider.diff("protection", inputs, off)).toEqual({ changes: true, replaces: [] });
  expect(await provider.update("protection", inputs, off)).toEqual({ outs: off });
});
