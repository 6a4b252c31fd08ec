import "./node-version";
import { tokenName } from "./page/page-token";

/**
 * `npm run picture`: prints what is deployed in a running local Azure as Mermaid, for a README or a pull request.
 * PORT is the port of its page (default 5100).
 */
async function main(): Promise<void> {
  const port = process.env.PORT ?? "5100";
  const page = `http://localhost:${port}/`;
  const html = await fetch(page).then(
    (answer) => answer.text(),
    () => "",
  );
  const token = new RegExp(`name="${tokenName}" content="([^"]+)"`).exec(html)?.[1];
  const answer =
    token && (await fetch(`${page}picture.mmd`, { headers: { [tokenName]: token } }).catch(() => undefined));
  if (!answer || !answer.ok) {
    throw new Error(
      `No local Azure answers at ${page}. Start one with npm start or npm run azure, or name its port: PORT=5110 npm run picture`,
    );
  }
  process.stdout.write(await answer.text());
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
