import type { Permission } from "../azure/graph-permissions";
import type { FederatedCredential } from "../git-hub/federated-credential";
import type { CustomRole, WantedRole } from "./wanted";

/** One thing that a pipeline consists of, what was found of it, and what is to be done. */
export interface Part {
  /** `Here` is a file of the project. */
  readonly where: "Azure" | "Entra" | "GitHub" | "Here";
  readonly what: string;
  /** `extra` is there and nobody asked for it: a person judges it. `stays` is not taken away. */
  readonly found: "there" | "missing" | "differs" | "extra" | "stays";
  /** What differs, or why it is left alone. */
  readonly because?: string;
  /** What makes, mends or removes it; absent where nothing is to be done, and where only a person can. */
  readonly step?: Step;
  /** What a person types, where this command does not do it: a command a line. */
  readonly fix?: string;
  /** It stays only until a person has looked into it or emptied it. */
  readonly waits?: true;
  /** What has to be there, or gone, before: the `what` of other parts. */
  readonly after?: readonly string[];
}

/** What is done. `identity` is the name of an environment: its application's ids are known only once that was made. */
export type Step =
  | { readonly do: "put" | "patch"; readonly id: string; readonly apiVersion: string; readonly body: unknown }
  | { readonly do: "remove"; readonly id: string; readonly apiVersion: string }
  | { readonly do: "custom role"; readonly role: CustomRole; readonly id?: string }
  | {
      readonly do: "application";
      readonly identity: string;
      readonly displayName: string;
      readonly tags: readonly string[];
    }
  | { readonly do: "principal"; readonly identity: string }
  | {
      readonly do: "credential";
      readonly identity: string;
      readonly credential: FederatedCredential;
      readonly id?: string;
    }
  | { readonly do: "permission"; readonly identity: string; readonly permission: Permission }
  | { readonly do: "role"; readonly identity: string; readonly role: WantedRole; readonly id?: string }
  | {
      readonly do: "environment";
      readonly identity: string;
      readonly body: EnvironmentBody;
      /** It is not there yet, so that it goes with the application. */
      readonly make: boolean;
    }
  | { readonly do: "branch"; readonly identity: string; readonly branch: string }
  | { readonly do: "remove branch"; readonly identity: string; readonly id: number }
  | {
      readonly do: "variable";
      readonly identity: string;
      readonly name: string;
      /** Undefined where it is the application's client id. */
      readonly value: string | undefined;
      readonly exists: boolean;
    }
  | { readonly do: "remove application"; readonly id: string }
  | { readonly do: "remove environment"; readonly identity: string }
  | { readonly do: "remove variable"; readonly identity: string; readonly name: string };

/** https://docs.github.com/rest/deployments/environments#create-or-update-an-environment */
export interface EnvironmentBody {
  readonly wait_timer: number;
  readonly prevent_self_review: boolean;
  /** What a body does not say GitHub takes back, so a stricter choice is said again. */
  readonly can_admins_bypass?: false;
  readonly reviewers: readonly { readonly type: "User" | "Team"; readonly id: number }[];
  readonly deployment_branch_policy: { readonly protected_branches: false; readonly custom_branch_policies: true };
}

/** Whether something is to be done about it, by this command or by a person. */
export const isOpen = ({ found, step, fix }: Part): boolean =>
  step !== undefined || ((found === "missing" || found === "differs") && fix !== undefined);
