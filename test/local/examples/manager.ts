import type { Graph, GraphRoutes } from "../../../local/azure/graph/graph-call";
import { holds } from "../../../local/azure/graph/caller";
import { answerEntity } from "../../../local/azure/graph/collection";
import { refusals } from "../../../local/azure/graph/errors";
import { signedIn } from "../../../local/azure/graph/people";

const mayRead = ["User.Read.All", "User.ReadWrite.All", "Directory.Read.All"] as const;

/** Who somebody's manager is: https://learn.microsoft.com/graph/api/user-list-manager */
export function managerRoutes({ directory }: Graph): GraphRoutes {
  return {
    "GET /me/manager": ({ url, caller }) => {
      const person = signedIn(caller);
      if (!holds(caller, mayRead)) throw refusals.privileges();
      const [first] = directory.people;
      if (!first || first === person) throw refusals.notFound("manager");
      const manager = { id: first.objectId, displayName: first.name, mail: first.mail };
      return answerEntity(url, manager, { type: "user", context: "directoryObjects", usual: Object.keys(manager) });
    },
  };
}
