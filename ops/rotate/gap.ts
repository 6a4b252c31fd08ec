import type { Access } from "../../infra/azure/access";
import { armClient } from "../../infra/azure/arm";
import { botServiceVersion } from "../../infra/azure/bot-service";
import { nameOf } from "./plan";

/** Milliseconds between two looks. */
const every = 250;

/** How long a connection was away, in seconds: in that time every sign-in through it failed. */
export interface Gap {
  readonly connection: string;
  readonly seconds: number;
}

/**
 * Runs something and measures meanwhile how long each connection is not there, as Azure itself answers.
 * @param ids of the connections
 */
export async function measured<Result>(
  access: Access,
  ids: readonly string[],
  run: () => Promise<Result>,
): Promise<readonly [Result, readonly Gap[]]> {
  const arm = armClient(access);
  let running = true;
  const watches = ids.map(async (id): Promise<Gap> => {
    let away = 0;
    let last = access.now();
    let there = true;
    while (running) {
      // What cannot be looked at is neither there nor away.
      const found = await arm.find(id, botServiceVersion).then(
        (connection) => connection !== undefined,
        () => there,
      );
      const now = access.now();
      if (!found || !there) away += now - last;
      [last, there] = [now, found];
      await access.wait(every);
    }
    return { connection: nameOf(id), seconds: Math.round(away / 100) / 10 };
  });
  try {
    const result = await run();
    running = false;
    return [result, await Promise.all(watches)];
  } finally {
    running = false;
    await Promise.all(watches);
  }
}
