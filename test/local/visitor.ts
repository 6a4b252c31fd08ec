import type { LocalAzure } from "../../local/azure/azure";
import { type Page, Person } from "../support/person";

/** The host at which a sign-in ends: nothing is asked there. */
const end = "token.botframework.com";

/** A person's browser that reaches a local Azure in this process, and stops where a sign-in goes back to Bot Service. */
export class Visitor {
  readonly #person: Person;
  #page: Page = { url: "", status: 0, text: "" };

  constructor(azure: LocalAzure) {
    this.#person = new Person(async (url, init) => {
      if (new URL(url).host === end) return new Response("the end");
      return azure.call("browser", url, init);
    });
  }

  async open(address: string): Promise<Page> {
    this.#page = await this.#person.open(address);
    return this.#page;
  }

  /** The cookies that the browser keeps now. */
  cookies(): unknown {
    return this.#person.cookies;
  }

  putBack(cookies: unknown): void {
    this.#person.cookies = cookies as Person["cookies"];
  }

  /** Fills in the form of the page that is open. */
  async submit(values: Record<string, string>): Promise<Page> {
    this.#page = await this.#person.submit(this.#page, values);
    return this.#page;
  }
}
