import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { list } from "../../../ops/preview/list";

/** What Pulumi's CLI answers about two previews, of which one can be named and not be read. */
const pulumi = `#!/bin/sh
case "$*" in
  *"stack ls"*) echo '[{"name":"pr-7"},{"name":"dev"},{"name":"pr-8"}]' ;;
  *"tag ls"*"pr-8"*) echo '{"owner":"kim"}' ;;
  *"stack export"*"pr-8"*) echo '{"version":3,"deployment":{}}' ;;
  *) echo "error: unexpected end of JSON input" >&2; exit 255 ;;
esac
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "list-previews-"));
  await writeFile(join(folder, "pulumi"), pulumi);
  await chmod(join(folder, "pulumi"), 0o755);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("a preview whose tags cannot be read is listed with the reason, and keeps nobody from the others", async () => {
  const environment = { PATH: `${folder}:/bin:/usr/bin`, PULUMI_BACKEND_URL: "https://api.pulumi.com" };
  const rows = await list({ folder, project: "bot-sign-in", environment, now: () => new Date("2027-01-15T12:00:00Z") });
  expect(rows).toEqual([
    {
      name: "7",
      stack: "pr-7",
      expired: false,
      health: {
        state: "unknown",
        why: "pulumi stack tag ls --json of pr-7 failed: unexpected end of JSON input. Correct that, then run it again.",
      },
    },
    { name: "8", stack: "pr-8", owner: "kim", expired: false, health: { state: "none" }, monthlyCost: 0 },
  ]);
});
