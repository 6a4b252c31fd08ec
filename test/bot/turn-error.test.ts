import type { TurnContext } from "@microsoft/agents-hosting";
import pino from "pino";
import { apologise } from "../../bot/turn-error";

const log = pino({ level: "silent" });

function contextOf(type: string, send: (activity: unknown) => Promise<void>): TurnContext {
  return { activity: { type, channelId: "directline" }, sendActivity: send } as unknown as TurnContext;
}

test("an invoke that fails is answered, so that the client does not wait", async () => {
  const sent: unknown[] = [];
  await apologise(
    contextOf("invoke", async (activity) => void sent.push(activity)),
    new Error("boom"),
    log,
  );
  expect(sent).toEqual([
    expect.objectContaining({ type: "invokeResponse", value: { status: 500 } }),
    "Something went wrong on my side. Please try again in a moment.",
  ]);
});

test("where not even the apology arrives the channel sees a failure, not a success", async () => {
  const context = contextOf("message", () => Promise.reject(new Error("no connection")));
  await expect(apologise(context, new Error("boom"), log)).rejects.toThrow("boom");
});
