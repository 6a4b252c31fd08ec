import { runtimeOf } from "../../../local/azure/app-service/runtimes";

test.each([
  ["NODE|24-lts", { language: "node", major: "24" }],
  ["node|22-LTS", { language: "node", major: "22" }],
  ["PYTHON|3.12", { language: "python", asked: "3.12" }],
  // Azure has these, and the local Azure says so in its own name.
  ["NODE|26", "absent"],
  ["DOTNETCORE|8.0", "absent"],
  // App Service itself would refuse these.
  ["NODE|19", "unknown"],
  ["node|24", "unknown"],
  ["DOTNETCORE|8", "unknown"],
  ["PYTHON|2.7", "unknown"],
  ["", "unknown"],
])("%s", (value, runtime) => {
  expect(runtimeOf(value, true)).toEqual(runtime);
});

test("a machine without python3 has no Python for a bot", () => {
  expect(runtimeOf("PYTHON|3.12", false)).toBe("absent");
});
