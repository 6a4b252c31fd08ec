import { knownMistakes } from "../../contract/known-mistakes";
import { fixFor } from "../../contract/known-errors/known-error";
import { catalogues } from "../../contract/known-errors/catalogues";

test("a number of the known mistakes is one, and the program and the bot say of a refusal what stands there", () => {
  for (const { id, mistake, fix: template, finds, codes } of catalogues.flatMap(({ errors }) => errors)) {
    if (mistake === undefined) continue;
    const found = knownMistakes.find(({ number }) => number === mistake);
    expect([id, found?.number]).toEqual([id, mistake]);
    const said = ["program", "health page", "bot's log"].includes(found?.told ?? "");
    if (said && codes.includes(found?.refusal?.code ?? "none")) {
      const words = "to use namespace 'Microsoft.BotService'";
      const fix = fixFor({ fix: template, finds }, words);
      expect([id, fix]).toEqual([id, expect.stringContaining(found!.says!)]);
    }
  }
});
