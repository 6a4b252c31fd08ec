import { shellWord } from "./shell-word";

/**
 * The commands of a person who has never deployed the stack. A secret goes to Pulumi by a pipe: no list of processes shows it.
 * @param secrets of the stack's settings, by their path there
 */
export function firstUp(stack: string, secrets: readonly { path: string; value: string }[]): string {
  const select = `npx pulumi stack select --create ${shellWord(stack)}`;
  if (secrets.length === 0) return `# Then: ${select} && npx pulumi up\n`;
  const set = secrets.map(
    ({ path, value }) => `printf %s ${shellWord(value)} | npx pulumi config set --secret --path ${shellWord(path)}`,
  );
  const why = `# Then these: the applications of Pulumi.${stack}.yaml are registered at the local providers.`;
  return `${[why, select, ...set, "npx pulumi up"].join("\n")}\n`;
}
