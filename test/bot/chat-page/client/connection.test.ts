import { type DirectLineConnection, watch } from "../../../../bot/chat-page/client/connection";

type Observer<Value> = Parameters<DirectLineConnection["connectionStatus$"]["subscribe"]>[0] & {
  next?(value: Value): void;
};

/** A connection whose every answer the test gives. */
function connection() {
  const activities: Observer<unknown>[] = [];
  const statuses: Observer<number>[] = [];
  const posts: Observer<string>[] = [];
  const collect = <Value>(list: Observer<Value>[]) => ({
    subscribe(observer: object) {
      list.push(observer as Observer<Value>);
      return { unsubscribe: () => undefined };
    },
  });
  const directLine = {
    activity$: collect(activities),
    connectionStatus$: collect(statuses),
    postActivity: () => collect(posts),
  } as unknown as DirectLineConnection;
  const told: unknown[] = [];
  watch(directLine, {
    connection: (lost) => told.push(lost ?? "goes on"),
    message: (delivered) => told.push(delivered ? "delivered" : "not delivered"),
  });
  const seen: unknown[] = [];
  const observer = {
    next: (value: unknown) => seen.push(value),
    error: (error: unknown) => seen.push(String(error)),
    complete: () => seen.push("complete"),
  };
  return { directLine, told, seen, observer, activities, statuses, posts };
}

test("an id of retry is an error, so that Web Chat marks the message as not sent", () => {
  const { directLine, told, seen, observer, posts } = connection();
  directLine.postActivity({ type: "message" }).subscribe(observer);
  posts[0]?.next?.("retry" as never);
  expect(seen).toEqual(["Error: The message was not delivered."]);
  expect(told).toEqual(["not delivered"]);
});

test("any other id is passed on, and ends the warning of an earlier message", () => {
  const { directLine, told, seen, observer, posts } = connection();
  directLine.postActivity({ type: "message" }).subscribe(observer);
  posts[0]?.next?.("c|0000001" as never);
  posts[0]?.complete?.();
  expect([seen, told]).toEqual([["c|0000001", "complete"], ["delivered"]]);
});

test("an error is told and passed on; of what no person wrote nothing is told", () => {
  const { directLine, told, seen, observer, posts } = connection();
  directLine.postActivity({ type: "message" }).subscribe(observer);
  posts[0]?.error?.(new Error("400"));
  directLine.postActivity({ type: "typing" }).subscribe(observer);
  posts[1]?.next?.("retry" as never);
  expect(seen).toEqual(["Error: 400", "Error: The message was not delivered."]);
  expect(told).toEqual(["not delivered"]);
});

test("every connection status is told, and a connection that comes back takes the notice away", () => {
  const { told, statuses } = connection();
  for (const status of [0, 1, 2, 3, 2, 4, 5, 2, 5]) statuses[0]?.next?.(status as never);
  expect(told).toEqual([
    "goes on",
    "goes on",
    "goes on",
    expect.stringContaining("expired"),
    "goes on",
    expect.stringContaining("cannot be reached"),
    // Web Chat ends by itself what is lost: the reason stays.
    expect.stringContaining("cannot be reached"),
    "goes on",
    expect.stringContaining("ended"),
  ]);
});

test("a stream of activities that ends is told, although the status stays online", () => {
  const { directLine, told, seen, observer, activities, statuses } = connection();
  statuses[0]?.next?.(2 as never);
  directLine.activity$.subscribe(observer);
  activities[0]?.next?.("hello" as never);
  activities[0]?.error?.(new Error("conversation ended"));
  expect(seen).toEqual(["hello", "Error: conversation ended"]);
  expect(told).toEqual(["goes on", "The connection to the chat has ended. Start again to go on; you stay signed in."]);
});

test("why the connection was lost stays told when the stream ends with it", () => {
  const { directLine, told, observer, activities, statuses } = connection();
  directLine.activity$.subscribe(observer);
  statuses[0]?.next?.(4 as never);
  activities[0]?.complete?.();
  expect(told).toEqual(Array(2).fill("The chat cannot be reached. Check your network, then start again."));
});
