import { minute } from "../contract/time";
import { WebSiteManagementClient } from "@azure/arm-appservice";
import { ClientSecretCredential } from "@azure/identity";
import { setTimeout as sleep } from "node:timers/promises";
import type { LocalAzure } from "../local/azure/azure";
import { Chat, hasCard, signInAddress } from "../test/support/chat";
import { connectThisProcess, deploy } from "../test/support/deployed";
import { inFrontOfBot } from "../test/support/in-front-of";
import { Person } from "../test/support/person";
import { boundTo, consentForEveryone, openChatPage, signIn } from "../test/support/sign-in";
import type { Row } from "./row";

/** People who use the bot at the same time. */
const people = 4;
/** Mails that each visitor sends once he is signed in. */
const mailsPerVisit = 6;
/** Milliseconds between two restarts of the bot, and between two outages of the storage. */
const between = { restarts: 15_000, outages: 11_000 };
/** How often a channel delivers again what did not arrive, and the milliseconds before each time. */
const deliveries = [0, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000];
/** Milliseconds that a person waits for an answer: as long as a channel delivers, each time with a turn's whole time. */
const timeout = 150_000;
/** One delivery of this many is made twice at once, as a channel does that has lost sight of the first. */
const everySecondCopy = 4;

/** A mail that somebody asked for, what he read of it, and how often it was sent. */
interface Mail {
  readonly words: string;
  readonly read: string[];
  sent: number;
}

interface Tally {
  visits: number;
  restarts: number;
  outages: number;
  readonly mails: Map<string, Mail>;
  /** What went wrong, in words. */
  readonly wrong: string[];
}

/**
 * Load with restarts of the bot and of its storage, for some minutes: people sign in and send mails, a channel delivers
 * again what the bot did not take. Counts sign-ins that are lost, mails and answers that are doubled, and answers that are
 * not true; throws where there is one.
 */
export async function soakRow(minutes = Number(process.env.SOAK_MINUTES ?? 10)): Promise<Row> {
  if (!(minutes > 0 && minutes <= 600)) throw new Error(`SOAK_MINUTES is ${minutes}. Allowed: more than 0, up to 600.`);
  const { azure, outputs, log, close } = await deploy();
  const disconnect = await connectThisProcess(azure, "browser");
  const chatAddress = String(outputs.chatAddress);
  const tally: Tally = { visits: 0, restarts: 0, outages: 0, mails: new Map(), wrong: [] };
  const ends = performance.now() + minutes * minute;
  const goesOn = (): boolean => performance.now() < ends;
  const undo = inFrontOfBot(azure, String(outputs.endpoint), deliverLikeAChannel);
  const unsubscribe = azure.trace.subscribe(({ url, status, requestBody = "" }) => {
    if (!url.endsWith("/me/sendMail") || status !== 202) return;
    const mail = tally.mails.get(/"subject":"(soak [^"]*)"/.exec(requestBody)?.[1] ?? "");
    if (mail) mail.sent++;
  });
  try {
    await consentForEveryone(new Person(), azure, String(outputs.signInAppId));
    await Promise.all([
      restarts(azure, outputs, tally, goesOn),
      outages(azure, tally, goesOn),
      ...Array.from({ length: people }, (_, number) => visits(azure, chatAddress, number, tally, goesOn)),
    ]);
  } finally {
    unsubscribe();
    undo();
    disconnect();
    await close();
  }
  const wrong = [...tally.wrong, ...[...tally.mails.values()].flatMap(judge)];
  if (wrong.length > 0) {
    throw new Error(`${wrong.slice(0, 20).join("\n")}\nThe end of the bot's log:\n${log.slice(-20).join("\n")}`);
  }
  const unknown = [...tally.mails.values()].filter(({ read }) => read.some((text) => mayHave.test(text))).length;
  return {
    name: `${minutes} minutes of load with restarts of bot and storage`,
    ours: "0 sign-ins lost, 0 mails or answers doubled, 0 answers untrue",
    note:
      `${tally.visits} sign-ins, ${tally.mails.size} mails, ${unknown} of which nobody knew, ` +
      `${tally.restarts} restarts, ${tally.outages} outages of the storage`,
  };
}

/** Delivers again what did not arrive, and now and then what did. */
let delivered = 0;
async function deliverLikeAChannel(
  delivery: Request,
  deliver: (again: Request) => Promise<Response>,
): Promise<Response> {
  const copy = delivery.clone();
  const twice = ++delivered % everySecondCopy === 0 ? deliver(delivery.clone()).catch(() => undefined) : undefined;
  let answer: Response | undefined;
  for (const wait of deliveries) {
    await sleep(wait);
    answer = await deliver(copy.clone()).catch(() => undefined);
    if (answer && answer.status < 500) break;
  }
  await twice;
  return answer ?? new Response(null, { status: 502 });
}

async function restarts(
  azure: LocalAzure,
  outputs: Record<string, unknown>,
  tally: Tally,
  goesOn: () => boolean,
): Promise<void> {
  const { tenantId, subscriptionId, deployer } = azure.tenant;
  const credential = new ClientSecretCredential(tenantId, deployer.clientId, deployer.clientSecret);
  const { webApps } = new WebSiteManagementClient(credential, subscriptionId);
  for (; goesOn(); await sleep(between.restarts)) {
    await webApps.restart(String(outputs.resourceGroup), String(outputs.webApp));
    tally.restarts++;
  }
}

/** The storage refuses for two seconds, as one that is moved to another machine does, then loses answers for a second. */
async function outages(azure: LocalAzure, tally: Tally, goesOn: () => boolean): Promise<void> {
  const service = "Blob Storage";
  for (await sleep(between.outages); goesOn(); await sleep(between.outages)) {
    const away = azure.faults.switchOn({ kind: "refusal", service, status: 503, code: "ServerBusy" });
    await sleep(2_000);
    azure.faults.switchOff(away);
    const cut = azure.faults.switchOn({ kind: "cut", service });
    await sleep(1_000);
    azure.faults.switchOff(cut);
    tally.outages++;
  }
}

async function visits(
  azure: LocalAzure,
  chatAddress: string,
  number: number,
  tally: Tally,
  goesOn: () => boolean,
): Promise<void> {
  for (let visit = 0; goesOn(); visit++) {
    const person = new Person();
    const token = await openChatPage(person, chatAddress).catch(() => undefined);
    if (!token) {
      await sleep(1_000);
      continue;
    }
    const chat = new Chat(token);
    await chat.opened();
    try {
      const account = azure.tenant.people[number % azure.tenant.people.length]?.mail ?? "";
      const { mail: first, card } = await untilCard(chat, (time) =>
        newMail(tally, `soak ${number} ${visit} first ${time}`),
      );
      await signIn(person, azure, await boundTo(person, token, chatAddress, card), account);
      await reads(chat, first);
      for (let mail = 1; mail <= mailsPerVisit; mail++) {
        const next = newMail(tally, `soak ${number} ${visit} mail ${mail}`);
        void chat.say(`send sam@contoso.example ${next.words}`).catch(() => undefined);
        await reads(chat, next);
      }
      if (!(await isSignedIn(chat))) tally.wrong.push(`${number}.${visit}: the sign-in is lost`);
      tally.visits++;
    } catch (error) {
      tally.wrong.push(`${number}.${visit}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      chat.end();
    }
  }
}

function newMail(tally: Tally, words: string): Mail {
  const mail = { words, read: [], sent: 0 };
  tally.mails.set(words, mail);
  return mail;
}

/** Asks until there is a card: where the bot says that it did nothing, a person asks again. */
async function untilCard(chat: Chat, next: (time: number) => Mail): Promise<{ mail: Mail; card: string }> {
  for (let time = 0; time < 10; time++) {
    const mail = next(time);
    void chat.say(`send sam@contoso.example ${mail.words}`).catch(() => undefined);
    const answer = await chat.answer((message) => hasCard(message) || isAnswer(message), timeout);
    const card = signInAddress(answer);
    if (card) return { mail, card };
    mail.read.push(answer.text ?? "");
  }
  throw new Error("no sign-in card came");
}

/** The greeting may come at any time, and answers nothing. */
const isAnswer = ({ text = "" }: { text?: string }): boolean => text !== "" && !text.startsWith("Hello.");

const mayHave = /may have been sent/;
const sent = /^Sent to /;
const nothingDone = /before I had done anything|went wrong on my side|not available right now/;

/** Reads until the bot has answered the mail, and a little longer: an answer that is doubled comes late. */
async function reads(chat: Chat, mail: Mail): Promise<void> {
  for (let wait = timeout; ; wait = 300) {
    const answer = await chat.answer(isAnswer, wait).catch(() => undefined);
    if (!answer) return;
    mail.read.push(answer.text ?? "");
  }
}

async function isSignedIn(chat: Chat): Promise<boolean> {
  for (let time = 0; time < 5; time++) {
    void chat.say("who am i").catch(() => undefined);
    const { text = "" } = await chat.answer(isAnswer, timeout);
    if (/You are signed in as/.test(text)) return true;
    if (/You are not signed in/.test(text)) return false;
  }
  return false;
}

/** What is wrong with a mail and what was read of it. */
function judge({ words, read, sent: times }: Mail): string[] {
  const said = read.filter((text) => sent.test(text));
  const other = read.filter((text) => !sent.test(text));
  const wrong: string[] = [];
  if (times > 1) wrong.push(`was sent ${times} times`);
  if (said.length > 1) wrong.push(`is said to be sent ${said.length} times`);
  if (said.some((text) => !text.endsWith(`: ${words}`))) wrong.push("was answered with another mail's answer");
  if (read.length === 0) wrong.push("was not answered");
  if (said.length > 0 && times === 0) wrong.push("is said to be sent, and was not");
  if (said.length === 0 && times > 0 && !other.some((text) => mayHave.test(text)))
    wrong.push("was sent, and that is not said");
  if (other.some((text) => !mayHave.test(text) && !nothingDone.test(text))) wrong.push("was answered wrongly");
  return wrong.map((what) => `${words} ${what}; sent ${times} times; read: ${JSON.stringify(read)}`);
}
