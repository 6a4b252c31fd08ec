/** The number that Entra puts before each of its error texts. */
const number = /\bAADSTS(\d{5,7})\b/i;

/** What several of Entra's numbers mean to people. */
interface Meaning {
  readonly numbers: readonly number[];
  /** For whoever meets it on a sign-in page: what it means for him and what he can do. */
  readonly user: string;
}

const again = "Ask me again, and I send you a new card.";
const setUp = "I am not set up rightly for it, and you cannot change that: please tell whoever runs me this number.";

/**
 * The numbers that people can meet on a sign-in page, of which the Token Service tells the bot nothing.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const meanings: readonly Meaning[] = [
  // The account
  {
    numbers: [16000, 16003, 50014, 50020, 50034, 51004, 500208, 90072],
    user: "This account is not one of the organisation that I belong to. Sign out at Microsoft and choose your account there, or ask its administrator to invite you.",
  },
  {
    numbers: [50056, 50064, 50126],
    user: "User name or password is not right. Try again on the sign-in page; it also has a link for a forgotten password.",
  },
  {
    numbers: [50053],
    user: "Your account is locked for a while, or sign-ins from where you are have been blocked. Wait some minutes and ask me again; if it stays so, ask your administrator.",
  },
  {
    numbers: [50055, 50125, 50135, 50144],
    user: "Microsoft wants a new password from you first. Set it on the sign-in page, then ask me again.",
  },
  { numbers: [50057], user: "Your account is switched off. Only your administrator can switch it on again." },
  {
    numbers: [50105],
    user: "Your organisation lets only people in who were assigned to me, and you are not yet. Ask your administrator to assign you (Enterprise applications, Users and groups).",
  },
  {
    numbers: [16001, 16002, 50136, 50143, 50197, 160021],
    user: `The sign-in page mixed up your accounts. Sign out at Microsoft or use a private window. ${again}`,
  },
  {
    numbers: [50015, 54000],
    user: "Microsoft asks for somebody's agreement because of your age. Ask your administrator.",
  },
  { numbers: [80012], user: "Your organisation allows no sign-ins at this hour. Ask me again later." },

  // A second proof
  {
    numbers: [50074, 50076, 50078, 50158, 50161],
    user: "Your organisation asks for a second proof of who you are. Press the button of the card again and complete it on the sign-in page.",
  },
  {
    numbers: [50072, 50079, 53004],
    user: "Your organisation asks for a second proof of who you are, and you have none yet. Set one up at https://aka.ms/mfasetup, then ask me again.",
  },
  {
    numbers: [53010],
    user: "A second proof of who you are can be set up only from places or devices that your organisation trusts. Do that there first.",
  },
  {
    numbers: [50087, 50088],
    user: "Microsoft could not ask for your second proof just now. Wait some minutes, then ask me again.",
  },

  // The organisation's rules
  {
    numbers: [50131, 53003, 53011, 530032, 530034, 530035],
    user: "A rule of your organisation (Conditional Access) does not let you in from here. Your administrator can see which: tell them this number and the time.",
  },
  {
    numbers: [50005, 50097, 50129, 50155, 50187, 53000, 53001, 530003],
    user: "Your organisation lets in only devices that it manages. Use one of those, or have this one enrolled.",
  },
  {
    numbers: [50127, 53002],
    user: "Your organisation lets in only apps that it approved. Open this chat in one of those, or ask your administrator.",
  },
  {
    numbers: [50002, 500021, 500022, 500212, 500213],
    user: "Your organisation or the one that I belong to does not let accounts cross over. Only an administrator can allow it.",
  },

  // Consent
  {
    numbers: [65001, 90008],
    user: "Nobody has allowed me yet to act for you. Press the button of the card again and accept; where the page lets you accept nothing, ask an administrator to.",
  },
  {
    numbers: [65004],
    user: "You declined what I ask for, so I did nothing. If you want to go on, ask me again and accept on the consent page.",
  },
  {
    numbers: [90093, 90094, 90095, 90099, 900941],
    user: "An administrator of your organisation has to allow this first. Ask them to; then ask me again.",
  },

  // A sign-in that is over
  {
    numbers: [
      50013, 50058, 50085, 50089, 50132, 50133, 50139, 50168, 50173, 54005, 70000, 70008, 70019, 70043, 500133, 700082,
      700084,
    ],
    user: `That sign-in is over: it took too long, was used already, or was ended by a new password or an administrator. ${again}`,
  },
  { numbers: [50140, 50199], user: "That is no error: answer the question on the sign-in page to go on." },
  { numbers: [50196], user: "There were too many attempts in a short time. Wait some minutes, then ask me again." },

  // Microsoft, and the organisation's own systems
  {
    numbers: [40010, 50000, 50033, 70012, 90006, 90012, 90024, 90033],
    user: "Microsoft's sign-in has trouble of its own. Wait some minutes, then ask me again.",
  },
  {
    numbers: [
      20001, 20012, 20033, 40008, 40009, 40015, 50008, 50107, 50166, 50169, 50180, 51006, 80001, 80002, 80005, 80007,
      80010, 80013, 80014, 81004, 81005, 81006, 81007, 81009, 81010, 81011, 81012,
    ],
    user: "The sign-in service of your own organisation failed. Try again, in another browser if need be; if it stays so, tell your administrator this number.",
  },

  // What only whoever runs the bot can mend
  {
    numbers: [
      50001, 50010, 50011, 50012, 50027, 50048, 50049, 50059, 50128, 50146, 50147, 50194, 28002, 28003, 65005, 70001,
      70002, 70003, 70004, 70005, 70007, 70011, 70021, 70025, 90002, 90004, 90009, 90013, 90014, 90015, 90019, 90023,
      500011, 500113, 501461, 501481, 501491, 650052, 650053, 650054, 650056, 650057, 700011, 700016, 700025, 700027,
      700030, 700051, 700054, 700211, 700212, 700213, 900144, 900236, 7000112, 7000215, 7000218, 7000222, 7000229,
      7002138, 9001023, 9002313, 9002332, 7002137,
    ],
    user: setUp,
  },
];

const meaningOf: ReadonlyMap<string, string> = new Map(
  meanings.flatMap(({ numbers, user }) => numbers.map((one) => [String(one), user] as const)),
);

/** What cures an error of Entra's, for whoever runs the bot: by its number. Read by the health page and the bot's log. */
const cures: Readonly<Record<string, string>> = {
  "50011":
    "The sign-in app lacks the redirect address of the Token Service, or has that of another region: npm run drift, then pulumi up sets the one that belongs to the setting residency.",
  "500113": "The sign-in app has no redirect address any more: npm run drift, then pulumi up sets it again.",
  "50105":
    "The sign-in app lets in assigned people only: assign them (Enterprise applications, Users and groups), or switch off Assignment required.",
  "500011":
    "The tenant has no service principal of an API that the connection asks for: an administrator adds it (az ad sp create --id <the API's id>).",
  "650053":
    "The connection asks for a scope that does not exist. Scopes are case-sensitive: correct scopes in the setting connections, then npm run drift and pulumi up.",
  "650057":
    "The connection asks for an API that the sign-in app does not list: npm run drift, then pulumi up lists it again.",
  "700016":
    "The tenant does not know the application: it was deleted, or its id or its tenant is wrong. Restore it in Entra (Deleted applications), or npm run drift, then pulumi up makes it anew.",
  "7000112":
    "The application is switched off in Entra: allow sign-in to it again (Enterprise applications, Properties).",
  "7000215":
    "The client secret is none of the application's: it was removed or replaced by hand. Renew all secrets: give the setting secretsRenewed today's date, then pulumi up.",
  "7000222":
    "The client secret has expired. Renew all secrets: give the setting secretsRenewed today's date, then pulumi up.",
  "7000229":
    "The application has no service principal in its tenant: az ad sp create makes one, or npm run drift, then pulumi up.",
  "90002":
    "There is no such tenant: MicrosoftAppTenantId must be the tenant of the bot's application. npm run drift, then pulumi up writes it.",
  "90094":
    "An administrator has to consent first, at the address that pulumi up printed; or pulumi config set adminConsent true, then pulumi up.",
};

/** The error number in a text, as Entra writes it: `AADSTS50011`. */
export function entraErrorIn(text: string): string | undefined {
  const [, digits] = number.exec(text) ?? [];
  return digits && `AADSTS${digits}`;
}

/** What the Entra error that a text names means to the user who met it; undefined where it names none that is known here. */
export function meaningOfEntraError(text: string): string | undefined {
  return meaningOf.get(number.exec(text)?.[1] ?? "");
}

/** What whoever runs the bot does about the Entra error that a text names; undefined where nothing is known here. */
export function cureOfEntraError(text: string): string | undefined {
  const [, digits = ""] = number.exec(text) ?? [];
  return Object.hasOwn(cures, digits) ? cures[digits] : undefined;
}
