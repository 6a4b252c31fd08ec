import "./node-version";

/**
 * `npm run picture`: prints what is deployed in a running local Azure as Mermaid, for a README or a pull request.
 * PORT is the port of its page (default 5100).
 */
async function main(): Promise<void> {
  const port = process.env.PORT ?? "5100";
  const address = `http://localhost:${port}/picture.mmd`;
  const answer = await fetch(address).catch(() => undefined);
  if (!answer?.ok) {
    throw new Error(
      `No local Azure answers at ${address}. Start one with npm start or npm run azure, or name its port: PORT=5110 npm run picture`,
    );
  }
  process.stdout.write(await answer.text());
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
