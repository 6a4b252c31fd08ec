import type { Properties } from "../../../infra/provider/envelope";
import { PluginError } from "../error";
import type { Row } from "../row";
import type { Session } from "../session";
import { armDelete, armExists, armGet, armPut } from "./arm";
import { armPath, fillPath, inputsFromId, pathInputs, type ArmRow } from "./arm-row";
import { autoName, madeUpName } from "./auto-name";
import { bodyFromInputs, importedInputs, outputsFromBody } from "./body";

/** The resource group's api-version that azure-native asks for a location with. */
const groupApiVersion = "2020-10-01";

/**
 * What azure-native does with a resource of a row: looks first and refuses what exists, writes, waits, reads back.
 * https://github.com/pulumi/pulumi-azure-native/blob/master/provider/pkg/provider/provider.go
 */
export function armResource(row: ArmRow): Row {
  const versioned = (id: string, below = ""): string => armPath(id + below, row.apiVersion);

  /** Reads back what was written. */
  const outputsOf = async (session: Session, id: string, body: Properties): Promise<Properties> => {
    const outputs = outputsFromBody(row, body);
    if (!row.alsoRead) return outputs;
    const more = await armGet(session, versioned(id, row.alsoRead.path));
    return more?.properties ? { ...outputs, [row.alsoRead.as]: more.properties } : outputs;
  };

  /** Writes and reads back. A resource that cannot be read after a successful write is kept as the write showed it. */
  const write = async (
    session: Session,
    id: string,
    inputs: Properties,
  ): Promise<{ id: string; outputs: Properties }> => {
    const answer = (await armPut(session, versioned(id), bodyFromInputs(row, inputs))) ?? {};
    const written = typeof answer.id === "string" && answer.id !== "" ? answer.id : id;
    const body = await armGet(session, versioned(written)).catch((error: unknown) => {
      session.warn(`${row.token}: ${written} was written but not read back: ${String(error)}`);
      return undefined;
    });
    return { id: written, outputs: await outputsOf(session, written, body ?? answer) };
  };

  const location = async (session: Session, inputs: Properties): Promise<Properties> => {
    if (!row.located || inputs.location !== undefined || typeof inputs.resourceGroupName !== "string") return {};
    const group = fillPath(
      "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}",
      inputs,
      () => session.subscriptionId,
    );
    return { location: (await armGet(session, armPath(group, groupApiVersion)))?.location };
  };

  return {
    token: row.token,
    replaceOn: [
      ...pathInputs(row.path),
      "subscriptionId",
      ...(row.replaceOn ?? []),
      ...(row.located ? ["location"] : []),
    ],
    deleteBeforeReplace: (inputs) => inputs[madeUpName] !== true,
    check: (name, inputs, before) => autoName(row.path, name, inputs, before),

    async create(session, inputs) {
      const id = fillPath(row.path, inputs, () => session.subscriptionId);
      if (!row.singleton && (await armExists(session, id, versioned(id)))) {
        throw new PluginError("already-exists", `cannot create already existing resource '${id}'`);
      }
      const all = { ...inputs, ...(await location(session, inputs)) };
      return recovering(session, row, all, () => write(session, id, all));
    },

    async read(session, id) {
      const body = await armGet(session, versioned(id));
      if (!body) return undefined;
      const outputs = await outputsOf(session, id, body);
      const inputs = { ...importedInputs(outputs, row.importable ?? {}), ...inputsFromId(row.path, id) };
      return { id, outputs, inputs };
    },

    async update(session, id, inputs, state) {
      const located = row.located && inputs.location === undefined ? { location: state.outputs.location } : {};
      return (await write(session, id, { ...inputs, ...located })).outputs;
    },

    async delete(session, id, state) {
      if (row.delete) return row.delete(session, { ...inputsFromId(row.path, id), ...state.inputs });
      if (row.singleton) {
        // Its parent may be gone already, and it with it.
        if (await armGet(session, versioned(id))) await armPut(session, versioned(id), row.singleton.deletedBody);
        return;
      }
      await armDelete(session, armPath(id, row.apiVersion, row.deleteQuery));
    },
  };
}

/** What azure-native waits after a conflict, and how many conflicts in a row with nothing to bring back it lets pass. */
const recoveryPause = 5_000;
const fruitlessConflicts = 6;

/** Writes; after each conflict what lies in a bin under the same name is brought back, where the row knows how. */
async function recovering<T>(session: Session, row: ArmRow, inputs: Properties, write: () => Promise<T>): Promise<T> {
  for (let fruitless = 0; ;) {
    try {
      return await write();
    } catch (error) {
      if (!row.recover || !(error instanceof PluginError) || error.status !== 409) throw error;
      fruitless = (await row.recover(session, inputs)) ? 0 : fruitless + 1;
      if (fruitless >= fruitlessConflicts) throw error;
      await session.sleep(recoveryPause);
    }
  }
}
