import { randomUUID } from "node:crypto";
import type { Properties } from "../../../infra/provider/envelope";
import { PartlyMade, PluginError } from "../error";
import { claim, type Session } from "../session";
import { entries, graph, graphDelete, reference } from "./graph";
import type { Repeats } from "./repeats";

/** How the provider proves that a new object has spread, because Entra is eventually consistent. */
interface Spreading {
  /** What the provider says before Graph's words where the POST or a PATCH is refused. */
  readonly refused: { readonly post: string; readonly patch: string };
  /** Which refusals of the POST are repeated. */
  readonly post?: Repeats;
  /** PATCHes after the POST, the last of which leaves the object as it is wanted. */
  readonly patches: readonly Properties[];
  /** Which refusals of those PATCHes are repeated. */
  readonly patch?: Repeats;
}

/**
 * Makes an object with the caller as first owner, so that it may change it, and takes the caller away at the end.
 * @throws PartlyMade where what comes after the POST is refused
 */
export async function createOwned(
  session: Session,
  collection: "applications" | "servicePrincipals",
  body: Properties,
  owners: readonly string[],
  spreading: Spreading,
): Promise<string> {
  const caller = claim(await session.token("https://graph.microsoft.com"), "oid");
  if (!caller)
    throw new PluginError("missing-credential", "the deployer's Graph token has no oid: its object id is unknown");
  const bound = { ...body, "owners@odata.bind": [...new Set([caller, ...owners])].map(reference) };
  const post = graph(session, "POST", `/${collection}`, bound, spreading.post);
  const object = await post.catch(under(spreading.refused.post));
  const path = `/${collection}/${String(object.id)}`;
  try {
    for (const changes of spreading.patches) await graph(session, "PATCH", path, changes, spreading.patch);
    if (!owners.includes(caller)) await graphDelete(session, `${path}/owners/${caller}/$ref`);
  } catch (error) {
    if (!(error instanceof PluginError)) throw error;
    throw new PartlyMade(headed(spreading.refused.patch, error), path);
  }
  return String(object.id);
}

/** For `catch`: sets what the provider says before Graph's words. */
function under(summary: string) {
  return (error: unknown): never => {
    throw error instanceof PluginError ? headed(summary, error) : error;
  };
}

function headed(summary: string, { code, message, status }: PluginError): PluginError {
  return new PluginError(code, `${summary}: ${message}`, status);
}

/** The name or description that a new object bears for a moment. */
export function passingText(): string {
  return `TERRAFORM_UPDATE_${randomUUID()}`;
}

/** Brings an object's owners to the wanted ones. */
export async function writeOwners(session: Session, path: string, wanted: readonly string[]): Promise<void> {
  const present = entries(await graph(session, "GET", `${path}/owners`)).map((owner) => String(owner.id));
  for (const id of wanted.filter((owner) => !present.includes(owner))) {
    await graph(session, "POST", `${path}/owners/$ref`, { "@odata.id": reference(id) });
  }
  for (const id of present.filter((owner) => !wanted.includes(owner))) {
    await graphDelete(session, `${path}/owners/${id}/$ref`);
  }
}
