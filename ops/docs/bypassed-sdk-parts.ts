import parts from "../../bot/bypassed-sdk-parts.json";

const upstream = "https://github.com/microsoft/Agents-for-js/blob/main";

/** The parts of Microsoft's SDK that the bot does without, as a document. */
export function bypassedSdkPartsAsMarkdown(): string {
  const rows = parts.map(
    (part) =>
      `| [${part.upstream.split("/").at(-1)}](${upstream}/${part.upstream}) | \`${part.package}\` ${part.version} | ${part.why} | ${part.instead
        .split(", ")
        .map((file) => `[${file}](../${file})`)
        .join(", ")} |`,
  );
  return `# Parts of the SDK that the bot does without

The bot stands on Microsoft's Agents SDK for JavaScript. These parts of it are bypassed, or leaned on so closely that a change of
them matters. Each was read in the version that is named. \`npm run bypassed-parts\` compares what is installed with what was read and
shows what changed; \`npm test\` fails where something did. Made by \`npm run docs\` from
[bypassed-sdk-parts.json](../bot/bypassed-sdk-parts.json).

| part | read in | why | here |
|---|---|---|---|
${rows.join("\n")}

After an update of the SDK: read the differences, look whether the reason still holds and whether the bot still fits, then
\`npm run bypassed-parts -- --accept\` and \`npm run docs\`.
`;
}
