import type { Azure } from "../service";
import type { Service } from "../hosted-service";
import { CompanyIdentityProvider } from "./identity-provider";
import { createOrders } from "./orders";

/** A company that is not Microsoft's customer only: an identity provider of its own, and a REST service behind that. */
export function createCompany(azure: Azure): Service[] {
  const identity = new CompanyIdentityProvider(azure);
  return [identity.service, createOrders(azure)];
}
