import { isAllowedHost } from "../../bot/outbound";

test.each([
  "https://api.botframework.com",
  "https://token.botframework.com/",
  "https://europe.directline.botframework.com/v3/directline",
  "https://webchat.botframework.com/",
  "https://smba.trafficmanager.net/emea/",
])("the bot may send to %s", (address) => {
  expect(isAllowedHost(address)).toBe(true);
});

test.each([
  "http://api.botframework.com",
  "https://api.botframework.com.evil.example",
  "https://evil.example/api.botframework.com",
  "https://api.botframework.com@evil.example",
  "https://user:password@api.botframework.com",
  "https://api.botframework.com:8443",
  "https://trafficmanager.net",
  "https://169.254.169.254/",
  "not an address",
])("the bot sends nothing to %s", (address) => {
  expect(isAllowedHost(address)).toBe(false);
});
