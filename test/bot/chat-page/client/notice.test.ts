import { lostBecause, noticeOf, type Trouble } from "../../../../bot/chat-page/client/notice";

const well: Trouble = { offline: false, undelivered: false };

test.each([
  [0, undefined],
  [1, undefined],
  [2, undefined],
  [3, "This chat has expired. Start again to go on; you stay signed in."],
  [4, "The chat cannot be reached. Check your network, then start again."],
  [5, "This conversation has ended. Start again to go on; you stay signed in."],
])("Direct Line's connection status %d is told as %p", (status, text) => {
  expect(lostBecause(status)).toBe(text);
});

test("a chat that is well says nothing", () => {
  expect(noticeOf(well)).toBeUndefined();
});

test("the worst is told first, and only what a new chat mends offers one", () => {
  const all: Trouble = { over: "It is over.", offline: true, undelivered: true };
  expect(noticeOf(all)).toEqual({ text: "It is over.", startAgain: true });
  expect(noticeOf({ offline: true, undelivered: true })).toEqual({
    text: "You are offline. What you write now is not sent.",
    startAgain: false,
  });
  expect(noticeOf({ offline: false, undelivered: true })).toEqual({
    text: "Your message was not delivered, or its answer was lost. If it was to send a mail, look in Sent Items before you send it again.",
    startAgain: false,
  });
});
