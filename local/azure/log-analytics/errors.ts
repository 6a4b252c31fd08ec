import { randomUUID } from "node:crypto";
import { AzureError } from "../error";

/** A refusal as the query API words it; what a query lacks stands in errors inside the error. */
function queryError(status: number, code: string, message: string, innererror?: object): AzureError {
  const error = { message, code, correlationId: randomUUID(), ...(innererror && { innererror }) };
  return new AzureError(status, code, message, { error });
}

const badArgument = (innererror: object): AzureError =>
  queryError(400, "BadArgumentError", "The request had some invalid properties", innererror);

/** Words of the query that are no KQL. recorded: azure-sdk-for-js monitor-query, "completely invalid syntax" */
export function syntaxError(token: string, line: number, pos: number): AzureError {
  const message = `Query could not be parsed at '${token}' on line [${line},${pos}]`;
  return badArgument({
    code: "SyntaxError",
    message: "A recognition error occurred in the query.",
    innererror: { code: "SYN0002", message, line, pos, token },
  });
}

/** A column that the table has not. https://learn.microsoft.com/azure/data-explorer/kusto/query/tutorials/learn-common-operators */
export function columnUnknown(operator: string, name: string): AzureError {
  const message = `'${operator}' operator: Failed to resolve scalar expression named '${name}'`;
  return badArgument({
    code: "SemanticError",
    message: "A semantic error occurred.",
    innererror: { code: "SEM0100", message },
  });
}

/** recorded: argo-rollouts metricproviders/webmetric, which asks the same API */
export const authorizationRequired = (): AzureError =>
  queryError(401, "AuthorizationRequiredError", "Valid authentication was not provided");

/** https://learn.microsoft.com/azure/azure-monitor/logs/api/access-api#authentication-errors */
export const tokenInvalid = (): AzureError =>
  queryError(403, "InvalidTokenError", "The provided authentication is not valid for this resource", {
    code: "SignatureVerificationFailed",
    message: "Could not validate the request",
  });

/** https://github.com/Azure/azure-sdk-for-net/blob/main/sdk/monitor/Azure.Monitor.Query/TROUBLESHOOTING.md */
export const insufficientAccess = (): AzureError =>
  queryError(
    403,
    "InsufficientAccessError",
    "The provided credentials have insufficient access to perform the requested operation",
  );

/** No workspace has this id. */
export const pathNotFound = (): AzureError => queryError(404, "PathNotFoundError", "The requested path does not exist");
