import type { Clock } from "../clock";
import { newLetters, newTicket } from "../secrets";
import type { Person } from "../tenant";
import { refusals } from "./errors";

/** Seconds for which a code can be entered, and between two questions of the client. As Entra answers them. */
export const deviceCodeLifetime = 900;
export const deviceCodeInterval = 5;

/** Letters and digits that nobody takes for another, as in Entra's codes. */
const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/** A sign-in that a device waits for while somebody signs in elsewhere. */
export interface DeviceSignIn {
  readonly userCode: string;
  readonly deviceCode: string;
  readonly clientId: string;
  readonly scope: string;
  readonly expires: number;
  /** Who signed in, once somebody did. */
  person: Person | undefined;
}

/** Sign-ins by device code. https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code */
export class DeviceCodes {
  readonly #waiting = new Map<string, DeviceSignIn>();

  constructor(private readonly clock: Clock) {}

  begin(clientId: string, scope: string): DeviceSignIn {
    const userCode = newLetters(9, alphabet);
    const expires = this.clock.seconds() + deviceCodeLifetime;
    const signIn = { userCode, deviceCode: newTicket(48, "base64url"), clientId, scope, expires, person: undefined };
    this.#waiting.set(signIn.deviceCode, signIn);
    for (const old of this.#waiting.values())
      if (old.expires <= this.clock.seconds()) this.#waiting.delete(old.deviceCode);
    return signIn;
  }

  /** The sign-in that a person's code belongs to; undefined where there is none, or it is over. */
  byUserCode(code: string): DeviceSignIn | undefined {
    const wanted = code.replace(/[\s-]/g, "").toUpperCase();
    return [...this.#waiting.values()].find(
      ({ userCode, expires }) => userCode === wanted && expires > this.clock.seconds(),
    );
  }

  /** Ends a sign-in with who signed in. Throws AADSTS70016 while nobody has, AADSTS70019 when it is too late. */
  redeem(deviceCode: string, clientId: string): DeviceSignIn & { readonly person: Person } {
    const signIn = this.#waiting.get(deviceCode);
    if (!signIn || signIn.clientId !== clientId) throw refusals.codeMalformed();
    if (signIn.expires <= this.clock.seconds()) throw refusals.deviceCodeExpired();
    if (!signIn.person) throw refusals.deviceCodePending();
    this.#waiting.delete(deviceCode);
    return { ...signIn, person: signIn.person };
  }
}
