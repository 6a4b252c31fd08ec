import * as monitor from "@pulumi/azure-native/monitor";
import * as operationalinsights from "@pulumi/azure-native/operationalinsights";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "../deployment/tags";
import { madeBeforeReplaced } from "./made-before-replaced";

export interface LogsArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: pulumi.Input<string>;
  /** ARM id of a workspace that is there already; without it one is made. */
  readonly workspaceId?: pulumi.Input<string> | undefined;
  readonly workspaceName: pulumi.Input<string>;
  readonly retentionDays: number;
  readonly tags: Tags;
}

/**
 * One Log Analytics workspace for all logs. No Application Insights: it sees little of a bundled program and leaves an
 * alert rule and an action group behind after a destroy.
 */
export class Logs extends pulumi.ComponentResource {
  readonly #name: string;
  readonly #workspaceId: pulumi.Output<string>;

  constructor(name: string, args: LogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bot-sign-in:infra:Logs", name, {}, opts);

    this.#name = name;
    this.#workspaceId = pulumi.output(args.workspaceId ?? this.#workspace(name, args).id);
    this.registerOutputs();
  }

  #workspace(name: string, args: LogsArgs): operationalinsights.Workspace {
    return new operationalinsights.Workspace(
      name,
      {
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        workspaceName: args.workspaceName,
        sku: { name: "PerGB2018" },
        retentionInDays: args.retentionDays,
        tags: args.tags,
      },
      { parent: this, ...madeBeforeReplaced },
    );
  }

  /**
   * Sends these categories of a resource's logs to the workspace.
   * @param of the resource, as this component's other parts name it
   */
  collect(of: string, resourceUri: pulumi.Input<string>, categories: readonly string[]): monitor.DiagnosticSetting {
    return new monitor.DiagnosticSetting(
      `${this.#name}-${of}`,
      {
        name: "logs",
        resourceUri,
        workspaceId: this.#workspaceId,
        logs: categories.map((category) => ({ category, enabled: true })),
      },
      { parent: this, ...madeBeforeReplaced },
    );
  }
}
