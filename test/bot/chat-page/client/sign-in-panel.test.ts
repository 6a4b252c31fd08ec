import { wrongCode } from "../../../../bot/chat-page/client/sign-in-panel";

test.each([
  [4, 0, "That code is not right. You can try 4 times more."],
  [1, 0, "That code is not right. You can try once more."],
  [0, 600, "Too many codes were tried. The next may be tried in 10 minutes."],
  [0, 61, "Too many codes were tried. The next may be tried in 2 minutes."],
  [0, 5, "Too many codes were tried. The next may be tried in a minute."],
])("with %d tries left and %d seconds to wait", (triesLeft, wait, text) => {
  expect(wrongCode({ triesLeft, wait })).toBe(text);
});
