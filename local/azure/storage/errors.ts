import { randomUUID } from "node:crypto";
import { AzureError } from "../error";
import { notServed } from "../gap";

/**
 * Blob Storage's refusals: XML, with the code in a header too (all that a HEAD shows).
 * https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes
 */
const refuse = (
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
  detail?: string,
): AzureError => {
  const requestId = randomUUID();
  const text = `${message}\nRequestId:${requestId}\nTime:${new Date().toISOString()}`;
  const more = detail === undefined ? "" : `<AuthenticationErrorDetail>${escape(detail)}</AuthenticationErrorDetail>`;
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${escape(text)}</Message>${more}</Error>`;
  return new AzureError(status, code, message, body, {
    "Content-Type": "application/xml",
    "x-ms-error-code": code,
    "x-ms-request-id": requestId,
    ...headers,
  });
};

const badRequest = (code: string, message: string): AzureError => refuse(400, code, message);
const forbidden = (code: string, message: string): AzureError => refuse(403, code, message);
const notFound = (code: string, message: string): AzureError => refuse(404, code, message);
const conflict = (code: string, message: string): AzureError => refuse(409, code, message);

/** Text as XML holds it. */
export function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

export const noAuthentication = (tenantId: string): AzureError =>
  refuse(
    401,
    "NoAuthenticationInformation",
    "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.",
    challenge(tenantId),
  );

export const invalidAuthentication = (tenantId: string, detail: string): AzureError =>
  refuse(
    401,
    "InvalidAuthenticationInfo",
    `Server failed to authenticate the request. Please refer to the information in the www-authenticate header. ${detail}`,
    challenge(tenantId),
  );

const challenge = (tenantId: string): Record<string, string> => ({
  "WWW-Authenticate":
    `Bearer authorization_uri=https://login.microsoftonline.com/${tenantId}/oauth2/authorize ` +
    "resource_id=https://storage.azure.com",
});

export const keysNotPermitted = (): AzureError =>
  forbidden("KeyBasedAuthenticationNotPermitted", "Key based authentication is not permitted on this storage account.");

/** https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes */
export const authenticationFailed = (detail?: string): AzureError =>
  refuse(
    403,
    "AuthenticationFailed",
    "Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly " +
      "including the signature.",
    {},
    detail,
  );

export const signaturesNotServed = (which: string): AzureError => gap(`shared access signatures ${which}`);

export const permissionMismatch = (): AzureError =>
  forbidden(
    "AuthorizationPermissionMismatch",
    "This request is not authorized to perform this operation using this permission.",
  );

/** https://learn.microsoft.com/rest/api/storageservices/sas-error-codes */
export const serviceMismatch = (): AzureError =>
  forbidden(
    "AuthorizationServiceMismatch",
    "This request is not authorized to perform this operation using this service.",
  );

export const resourceTypeMismatch = (): AzureError =>
  forbidden(
    "AuthorizationResourceTypeMismatch",
    "This request is not authorized to perform this operation using this resource type.",
  );

export const networkRefused = (): AzureError =>
  forbidden("AuthorizationFailure", "This request is not authorized to perform this operation.");

export const accountNotFound = (): AzureError => notFound("ResourceNotFound", "The specified resource does not exist.");

export const containerNotFound = (): AzureError =>
  notFound("ContainerNotFound", "The specified container does not exist.");

export const containerExists = (): AzureError =>
  conflict("ContainerAlreadyExists", "The specified container already exists.");

export const blobNotFound = (): AzureError => notFound("BlobNotFound", "The specified blob does not exist.");

export const blobExists = (): AzureError => conflict("BlobAlreadyExists", "The specified blob already exists.");

export const sourceNotFound = (): AzureError =>
  notFound("CannotVerifyCopySource", "The specified blob does not exist.");

export const otherAccount = (): AzureError => gap("the copy of a blob from another account");

export const conditionNotMet = (status: 304 | 412 = 412): AzureError =>
  refuse(status, "ConditionNotMet", "The condition specified using HTTP conditional header(s) is not met.");

export const invalidRange = (size: number): AzureError =>
  refuse(416, "InvalidRange", "The range specified is invalid for the current size of the resource.", {
    "Content-Range": `bytes */${size}`,
  });

export const md5Mismatch = (): AzureError =>
  badRequest(
    "Md5Mismatch",
    "The MD5 value specified in the request did not match with the MD5 value calculated by the server.",
  );

export const invalidBlockList = (): AzureError =>
  badRequest("InvalidBlockList", "The specified block list is invalid.");

export const missingHeader = (name: string): AzureError =>
  badRequest("MissingRequiredHeader", `An HTTP header that's mandatory for this request is not specified: ${name}.`);

export const invalidHeader = (name: string, value: string): AzureError =>
  ["PageBlob", "AppendBlob"].includes(value)
    ? gap(`blobs of the type ${value}`)
    : badRequest(
        "InvalidHeaderValue",
        `The value for one of the HTTP headers is not in the correct format: ${name} is '${value}'.`,
      );

export const invalidQuery = (name: string, value: string): AzureError =>
  name === "comp" && components.has(value.toLowerCase())
    ? gap(`the operation comp=${value} of Blob Storage`)
    : badRequest(
        "InvalidQueryParameterValue",
        `Value for one of the query parameters specified in the request URI is invalid: ${name} is '${value}'.`,
      );

/** Operations of accounts, containers and blobs: https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api */
const components = new Set(
  (
    "list properties stats userdelegationkey batch blobs metadata acl lease undelete rename tags snapshot block blocklist " +
    "page pagelist appendblock tier copy expiry seal immutabilityPolicies legalhold query incrementalcopy"
  )
    .toLowerCase()
    .split(" "),
);

/** What is not served, as Blob Storage's clients read a refusal. */
function gap(what: string): AzureError {
  const { status, code, message, headers } = notServed(what);
  return refuse(status, code, message, headers);
}

export const invalidUri = (): AzureError =>
  badRequest("InvalidUri", "The requested URI does not represent any resource on the server.");

export const invalidName = (): AzureError =>
  badRequest("InvalidResourceName", "The specifed resource name contains invalid characters.");

/** https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes */
export const invalidXmlValue = (name: string, value: string): AzureError =>
  badRequest(
    "InvalidXmlNodeValue",
    `The value provided for one of the XML nodes in the request body was not in the correct format: ${name} is '${value}'.`,
  );

export const verbNotSupported = (): AzureError =>
  refuse(405, "UnsupportedHttpVerb", "The resource doesn't support specified Http Verb.");
