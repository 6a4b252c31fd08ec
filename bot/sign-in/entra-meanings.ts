/** What several of Entra's numbers mean to people. */
export interface Meaning {
  readonly numbers: readonly number[];
  /** For whoever meets it on a sign-in page: what it means for him and what he can do. */
  readonly user: string;
}

const again = "Ask me again, and I send you a new card.";
const setUp = "I am not set up rightly for it, and you cannot change that: please tell whoever runs me this number.";

/**
 * What the numbers mean that people can meet on a sign-in page, of which the Token Service tells the bot nothing. Every
 * number of Microsoft's list is here.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes (April 2024, and what was added to it since)
 */
export const entraMeanings: readonly Meaning[] = [
  // The account
  {
    numbers: [16000, 16003, 50014, 50020, 50034, 51004, 90072, 90126, 500207, 500208],
    user: "This account is not one of the organisation that I belong to. Sign out at Microsoft and choose your account there, or ask its administrator to invite you.",
  },
  {
    numbers: [50029, 50056, 50064, 50126, 90101, 90125],
    user: "User name or password is not right. Try again on the sign-in page; it also has a link for a forgotten password.",
  },
  {
    numbers: [50053],
    user: "Your account is locked for a while, or sign-ins from where you are have been blocked. Wait some minutes and ask me again; if it stays so, ask your administrator.",
  },
  {
    numbers: [50055, 50125, 50135, 50137, 50142, 50144],
    user: "Microsoft wants a new password from you first. Set it on the sign-in page, then ask me again.",
  },
  {
    numbers: [
      120000, 120002, 120003, 120004, 120005, 120008, 120011, 120012, 120013, 120014, 120015, 120016, 120018, 120020,
      120021,
    ],
    user: "Your new password was not taken: the sign-in page says why. Try another one, or ask your administrator to set it.",
  },
  { numbers: [50057], user: "Your account is switched off. Only your administrator can switch it on again." },
  {
    numbers: [50105],
    user: "Your organisation lets only people in who were assigned to me, and you are not yet. Ask your administrator to assign you (Enterprise applications, Users and groups).",
  },
  {
    numbers: [16001, 16002, 50136, 50143, 50160, 50197, 160021, 500141],
    user: `The sign-in page mixed up your accounts. Sign out at Microsoft or use a private window. ${again}`,
  },
  {
    numbers: [50015, 54000],
    user: "Microsoft asks for somebody's agreement because of your age. Ask your administrator.",
  },
  { numbers: [80012], user: "Your organisation allows no sign-ins at this hour. Ask me again later." },
  {
    numbers: [901011, 901012, 901014],
    user: "The account that you chose tells no mail address that was checked. Choose another account, or do not hide your address when the page asks.",
  },

  // A second proof
  {
    numbers: [50074, 50076, 50078, 50158, 50159, 50161],
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
    numbers: [50086, 50087, 50088],
    user: "Microsoft could not ask for your second proof just now. Wait some minutes, then ask me again.",
  },
  {
    numbers: [50017, 50192, 220501],
    user: "Your sign-in needs a certificate, and the page got none that it takes. Try again and choose it when your browser asks; if it stays so, ask your administrator.",
  },
  {
    numbers: [17003, 50032, 50141, 130004, 130005, 130006, 130007, 130008, 135010, 135011],
    user: "The key of your device (Windows Hello, a passkey) was not taken. Choose another way to sign in on the page; if it stays so, ask your administrator.",
  },

  // The organisation's rules
  {
    numbers: [50131, 50170, 50172, 50176, 50177, 50178, 53003, 53011, 530032, 530034, 530035],
    user: "A rule of your organisation (Conditional Access) does not let you in from here. Your administrator can see which: tell them this number and the time.",
  },
  {
    numbers: [50005, 50097, 50099, 50129, 50155, 50187, 53000, 53001, 240001, 530003],
    user: "Your organisation lets in only devices that it manages. Use one of those, or have this one enrolled.",
  },
  {
    numbers: [50127, 53002],
    user: "Your organisation lets in only apps that it approved. Open this chat in one of those, or ask your administrator.",
  },
  {
    numbers: [50002, 90084, 500021, 500022, 500212, 500213, 1000104, 5000224],
    user: "Your organisation or the one that I belong to does not let accounts cross over. Only an administrator can allow it.",
  },
  { numbers: [220450], user: `Your browser is too old for the sign-in page. Bring it up to date. ${again}` },

  // Consent
  {
    numbers: [50150, 52004, 65001, 90008, 9002341],
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
      50013, 50058, 50085, 50089, 50132, 50133, 50134, 50139, 50168, 50173, 54005, 70000, 70008, 70016, 70018, 70019,
      70043, 76026, 90007, 90086, 90119, 90120, 140000, 140001, 500133, 700005, 700020, 700082, 700084, 900561,
    ],
    user: `That sign-in is over: it took too long, was used already, or was ended by a new password or an administrator. ${again}`,
  },
  {
    numbers: [50140, 50157, 50199, 1000002],
    user: "That is no error: answer the question on the sign-in page to go on.",
  },
  {
    numbers: [50196, 90055],
    user: "There were too many attempts in a short time. Wait some minutes, then ask me again.",
  },
  {
    numbers: [50061, 50068, 50070, 50071],
    user: "The sign-out at Microsoft did not work. Close every window of this browser; that ends it, too.",
  },

  // Microsoft, and the organisation's own systems
  {
    numbers: [
      40010, 50000, 50033, 51005, 70012, 90006, 90012, 90024, 90033, 90036, 90090, 90091, 90092, 165004, 165900, 230109,
    ],
    user: "Microsoft's sign-in has trouble of its own. Wait some minutes, then ask me again.",
  },
  {
    numbers: [
      20001, 20012, 20033, 40008, 40009, 40015, 50008, 50042, 50043, 50100, 50101, 50102, 50103, 50107, 50108, 50109,
      50111, 50117, 50120, 50123, 50124, 50130, 50162, 50163, 50166, 50169, 50180, 51001, 51006, 80001, 80002, 80005,
      80007, 80010, 80013, 80014, 81004, 81005, 81006, 81007, 81009, 81010, 81011, 81012, 90020, 90081, 90082, 90085,
      90087, 90123, 399284, 501241, 501621, 501631, 501632, 900612, 1000000, 5000819, 5001256,
    ],
    user: "The sign-in service of your own organisation failed. Try again, in another browser if need be; if it stays so, tell your administrator this number.",
  },
  {
    numbers: [500014, 1000031],
    user: "Your organisation has switched off what I need for it. Only an administrator can switch it on: tell them this number.",
  },

  // What only whoever runs the bot can mend
  {
    numbers: [
      28002, 28003, 50001, 50003, 50006, 50007, 50010, 50011, 50012, 50027, 50048, 50049, 50050, 50059, 50098, 50128,
      50138, 50146, 50147, 50148, 50149, 50156, 50164, 50165, 50167, 50171, 50194, 51000, 65002, 65005, 67003, 70001,
      70002, 70003, 70004, 70005, 70007, 70011, 70021, 70025, 75001, 75003, 75005, 75008, 75011, 75016, 76021, 90002,
      90004, 90005, 90009, 90010, 90013, 90014, 90015, 90016, 90019, 90022, 90023, 90027, 90038, 90043, 90051, 90056,
      90100, 90102, 90107, 90112, 90114, 90117, 90121, 90124, 90130, 100007, 221000, 240002, 240003, 240004, 500011,
      500113, 501461, 501481, 501491, 650052, 650053, 650054, 650056, 650057, 650059, 700011, 700016, 700022, 700023,
      700025, 700027, 700030, 700051, 700054, 700211, 700212, 700213, 700229, 750054, 900144, 900236, 900382, 900384,
      900432, 900971, 901002, 7000112, 7000114, 7000215, 7000218, 7000222, 7000229, 7002137, 7002138, 7500514, 7500529,
      9001023, 9002313, 9002325, 9002327, 9002332,
    ],
    user: setUp,
  },
];
