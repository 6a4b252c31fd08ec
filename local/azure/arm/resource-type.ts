import type { ZodType } from "zod";
import type { AzureError } from "../error";
import type { Azure, Claims, Resource } from "../service";

/** What a hook of a resource type gets to see. */
export interface Context {
  readonly azure: Azure;
  /** Who asks. */
  readonly caller: Claims;
  /** Parts of the id by lower-case name: `subscriptions`, `resourcegroups`, and one for each type segment. */
  readonly names: Readonly<Record<string, string>>;
  /** The request's body, already checked against the type's schema; `{}` where there is none. */
  readonly body: Record<string, unknown>;
  readonly apiVersion: string;
  readonly query: URLSearchParams;
  /**
   * A 202 whose `Location` gives `result` at the first poll, for an action that Azure finishes later.
   * @param address where it is polled: `/subscriptions/x/providers/y/locations/z`
   */
  accepted(address: string, result: () => Response): Response;
}

/**
 * One row of ARM's table: all that the generic store needs to know of a resource type. A service adds behaviour by
 * the small hooks, not by a class for each type.
 */
export interface ResourceType {
  /** `Microsoft.BotService/botServices/connections` */
  readonly type: string;
  /** The api-versions served; another is refused as ARM refuses it. */
  readonly apiVersions: readonly string[];
  /**
   * Where it lives. `group`: in a resource group (the default). `parent`: below the type one segment shorter.
   * `scope`: an extension below any resource, `.../providers/<type>/<name>`. `subscription`: directly in the subscription.
   */
  readonly level?: "group" | "parent" | "scope" | "subscription";
  /** True where it lives in a region: the location `global` is refused. */
  readonly regional?: boolean;
  /** Names that are allowed; `error` words the refusal as the service does (default: ARM's InvalidResourceName). */
  readonly name?: { readonly pattern: RegExp; readonly error?: (name: string) => Error };
  /** The body that PUT and PATCH take. Strict: an unknown property is refused. Absent: any object. */
  readonly body?: ZodType;
  /** Paths below the body that a later PUT cannot change (`properties.msaAppId`); `immutableError` words the refusal. */
  readonly immutable?: readonly string[];
  readonly immutableError?: (path: string, resource: Resource) => Error;
  /** Status of a PUT that creates (default 201) and of one that updates (default 200). */
  readonly created?: number;
  readonly updated?: number;
  /**
   * Answers PUT or DELETE as an asynchronous operation of some milliseconds (default: none, synchronous). 0 is one
   * that is over by the first poll. `style` of a PUT: `azure-async-operation` answers 201 or 200 with the resource
   * (the default); `location` an empty 202 where it creates, and at once where it updates; `state` with the resource
   * alone, which clients then read until its provisioningState is a last one, and at once where it updates. At first
   * that is `state`, or without it what `show` says of a PUT; of an `azure-async-operation` `Creating` or `Updating`.
   */
  readonly asynchronous?: {
    readonly put?: number;
    readonly delete?: number;
    readonly style?: "azure-async-operation" | "location" | "state";
    readonly state?: string;
  };
  /** Where the answer to a creation says in `Location` where the resource is: by its id, or by its whole address. */
  readonly createdLocation?: "id" | "address";
  /** Members that a list has beside `value`. */
  readonly listMembers?: Readonly<Record<string, unknown>>;
  /** True where a DELETE answers with the resource as it was, in place of nothing. */
  readonly deleteShows?: boolean;
  /** Why the work behind a PUT failed though the resource is kept; its operation then ends as failed. */
  failure?(resource: Resource): AzureError | undefined;
  /** Methods besides GET, LIST and PUT: default PATCH and DELETE. `[]` makes it a singleton that is only read and written. */
  readonly methods?: readonly ("PATCH" | "DELETE")[];
  /**
   * Before a PUT or PATCH is stored: checks across resources, defaults, computed properties. Changes `resource` in
   * place; throws an `AzureError` to refuse. `before` is the resource as it was, undefined on creation.
   */
  write?(context: Context, resource: Resource, before: Resource | undefined): void | Promise<void>;
  /** After it is stored: what comes into being with it, what has to restart. */
  written?(context: Context, resource: Resource, before: Resource | undefined): void | Promise<void>;
  /** What an answer shows of a resource. `PUT` shows secrets that `GET` hides and `LIST` leaves out. Default: all. */
  show?(resource: Resource, answer: "PUT" | "GET" | "LIST", context: Context): Record<string, unknown>;
  /** Before it goes: refuses by throwing. After: `deleted`. */
  delete?(context: Context, resource: Resource): void | Promise<void>;
  deleted?(context: Context, resource: Resource): void | Promise<void>;
  /**
   * POST actions by path below the resource (`listchannelwithkeys`, `config/appsettings/list`), compared without case;
   * GETs likewise below `reads`. A `{name}` in the path stands for one segment, found again in `context.names`.
   * What they give is the answer's JSON (status 200), or a `Response` of its own; undefined is an empty 200.
   */
  readonly actions?: Readonly<Record<string, (context: Context, resource: Resource) => unknown>>;
  readonly reads?: Readonly<Record<string, (context: Context, resource: Resource) => unknown>>;
  /** The same for POSTs below a resource that need not be there: `resource` is what it would be, without properties. */
  readonly draftActions?: Readonly<Record<string, (context: Context, resource: Resource) => unknown>>;
  /**
   * Requests of the namespace itself, at the tenant or below a subscription: `POST checkNameAvailability`,
   * `GET locations/{location}/deletedVaults/{name}`. Written like actions, with the method in front.
   */
  readonly namespaceActions?: Readonly<Record<string, (context: Context) => unknown>>;
  /** What LIST finds, where that is more than the resources below the address asked: `scope` is that address's id. */
  list?(context: Context, scope: string): Resource[];
  /** The refusal of a GET at the tenant, where Azure has what it builds in, for everybody to read; the local one has none of it. */
  notBuiltIn?(name: string): AzureError;
  /** What GET of a name finds, where the store does not hold it: resources that are there by themselves. */
  find?(context: Context, scope: string, name: string): Resource | undefined;
}
