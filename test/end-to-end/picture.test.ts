import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isFlowchart } from "../../contract/flowchart";
import type { SetUpParts } from "../../contract/set-up-parts";
import { asMermaid, type PictureOptions, pictureOf } from "../../contract/set-up-picture";
import { roleDefinition } from "../../local/azure/arm/role-definitions";
import { partsIn } from "../../local/page/picture";
import { partsOf } from "../../ops/preview/pull-request/picture";
import type { State } from "../../ops/pulumi/state";
import { deploy, root } from "../support/deployed";

/** One deployment twice: as the state of the program that made it, and as Azure and Entra have it. */
async function bothOf(stack: string): Promise<{ state: SetUpParts; stores: SetUpParts }> {
  const folder = mkdtempSync(join(tmpdir(), "bot-sign-in-test-"));
  const file = join(folder, "state.json");
  const { azure, close } = await deploy({
    stack,
    config: { adminConsent: "true" },
    environment: { RECORDED_STATE: file, NODE_OPTIONS: `--require ${join(root, "test/support/record-state.ts")}` },
  });
  try {
    const { resources, entra } = azure;
    const roleName = (id: string): string | undefined => roleDefinition(id, resources)?.name;
    return {
      state: partsOf(JSON.parse(readFileSync(file, "utf8")) as State),
      stores: partsIn({ resources, entra, roleName }),
    };
  } finally {
    await close();
    rmSync(folder, { recursive: true });
  }
}

interface Shown {
  readonly boxes: string[];
  readonly relations: string[];
}

/** What a picture shows, without what is told of a part besides. */
function shown(parts: SetUpParts, options: PictureOptions): Shown {
  const { nodes, edges } = pictureOf(parts, options);
  const names = new Map(nodes.map(({ id, type, title }) => [id, `${type} ${title}`]));
  return {
    boxes: nodes.map(({ kind, type, title, detail }) => `${kind}: ${type} ${title} ${detail}`).sort(),
    relations: edges
      .map(({ from, to, label }) => `${names.get(from)} -> ${names.get(to)}: ${label.split(", ").sort().join(", ")}`)
      .sort(),
  };
}

test.each(["three-services", "no-secret"])(
  "the pull request's comment and the local page draw the same of %s, in the same words",
  async (stack) => {
    const { state, stores } = await bothOf(stack);
    for (const secrets of ["counted", "drawn"] as const) {
      const options = { complete: true, secrets };
      expect(shown(state, options)).toEqual(shown(stores, options));
    }
    const { boxes, relations } = shown(state, { complete: true, secrets: "drawn" });
    expect(boxes.filter((box) => box.startsWith("missing"))).toEqual([]);
    expect(boxes.length).toBeGreaterThan(15);
    expect(relations.length).toBeGreaterThan(20);
    expect(isFlowchart(asMermaid(pictureOf(state, { complete: false, secrets: "counted" })))).toBe(true);
  },
);
