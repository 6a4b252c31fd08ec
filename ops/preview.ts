import { CommanderError } from "commander";
import { previewProgram } from "./preview/commands";

async function main(): Promise<number> {
  let code = 0;
  const program = previewProgram((ended) => (code = ended));
  for (const command of [program, ...program.commands]) {
    command.configureOutput({ outputError: () => undefined }).exitOverride();
  }
  try {
    await program.parseAsync();
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    // One sentence: `unknown command 'lsit' (Did you mean list?). Help: ...`
    const said = error.message.replace(/^error: /, "").replace(/\s*\n\s*/g, " ");
    if (error.code !== "commander.help") process.stderr.write(`${said}. Help: npm run preview -- --help\n`);
    return 1;
  }
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
