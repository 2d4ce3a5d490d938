import type { Language } from '../../kernel/language.ts';
import { type Letter, value } from '../../platform/mail/letter.ts';
import type { Mail } from '../../platform/mail/mailer.ts';
import type { AlertKind, AlertResolution } from './alerts.dto.ts';

/** What happened, and what to do next. */
type Words = Readonly<{ what: string; cure: string }>;

const RAISED: Readonly<Record<Language, Readonly<Record<AlertKind, Words>>>> = {
  en: {
    webhook_failing: {
      what: 'It has taken nothing for a while: every try failed.',
      cure: 'See under Settings, Webhooks, what it answers, and replay what it missed when it works again.',
    },
    unreachable: {
      what: 'It cannot reach WhatsApp: five attempts in a row failed.',
      cure: 'Wasel keeps trying. If it lasts, see whether the server that Wasel runs on reaches the internet.',
    },
    proxy_unreachable: {
      what: 'Its proxy does not answer: five attempts in a row failed.',
      cure: 'Check that the proxy runs, and its host and port.',
    },
    proxy_refused: {
      what: 'Its proxy does not let it through: five attempts in a row failed.',
      cure: 'Check user and password of the proxy, and that it allows connections to WhatsApp.',
    },
    silent: {
      what: 'Its line went dead three times within an hour, and was opened anew each time.',
      cure: 'Messages may be late. See whether its proxy, or the network of the server, drops connections.',
    },
    logged_out: { what: 'It was unlinked on the phone.', cure: 'Connect it and scan the QR code to link it again.' },
    replaced: {
      what: 'Another program took over its connection.',
      cure: 'Stop the other program, then connect the number.',
    },
    banned: { what: 'WhatsApp closed the account.', cure: 'Open WhatsApp on the phone to see why.' },
    outdated: { what: 'WhatsApp asks for a newer version of Wasel.', cure: 'Update Wasel.' },
    passkey_required: {
      what: 'WhatsApp asks this account for a passkey, which only its own programs can show.',
      cure: 'Remove the passkey on the phone and connect again, or try a pairing code.',
    },
    keys_unreadable: {
      what: 'Its keys cannot be decrypted.',
      cure: 'Put back the encryption key that sealed them. The link is not lost.',
    },
  },
  he: {
    webhook_failing: {
      what: 'היא לא קיבלה דבר כבר זמן מה: כל הניסיונות נכשלו.',
      cure: 'בדקו בהגדרות, תחת Webhooks, מה היא עונה, ושלחו שוב את מה שהחמיצה כשתחזור לעבוד.',
    },
    unreachable: {
      what: 'הוא לא מצליח להגיע לוואטסאפ: חמישה ניסיונות ברצף נכשלו.',
      cure: 'Wasel ממשיכה לנסות. אם זה נמשך, בדקו שלשרת של Wasel יש גישה לאינטרנט.',
    },
    proxy_unreachable: {
      what: 'הפרוקסי שלו לא עונה: חמישה ניסיונות ברצף נכשלו.',
      cure: 'בדקו שהפרוקסי פועל, ואת הכתובת והפורט שלו.',
    },
    proxy_refused: {
      what: 'הפרוקסי שלו לא נותן לעבור: חמישה ניסיונות ברצף נכשלו.',
      cure: 'בדקו את שם המשתמש והסיסמה של הפרוקסי, ושהוא מתיר חיבור לוואטסאפ.',
    },
    silent: {
      what: 'הקו שלו נדם שלוש פעמים בתוך שעה, ונפתח מחדש בכל פעם.',
      cure: 'הודעות עלולות להתעכב. בדקו אם הפרוקסי או הרשת של השרת מנתקים חיבורים.',
    },
    logged_out: { what: 'הקישור שלו בוטל בטלפון.', cure: 'לחצו על ״חיבור״ וסרקו קוד QR כדי לקשר שוב.' },
    replaced: {
      what: 'תוכנה אחרת השתלטה על החיבור שלו.',
      cure: 'עצרו את התוכנה האחרת, ואז חברו את המספר.',
    },
    banned: { what: 'וואטסאפ סגרה את החשבון.', cure: 'פתחו את וואטסאפ בטלפון כדי לראות למה.' },
    outdated: { what: 'וואטסאפ דורשת גרסה חדשה יותר של Wasel.', cure: 'עדכנו את Wasel.' },
    passkey_required: {
      what: 'וואטסאפ דורשת מהחשבון מפתח גישה (passkey), שרק התוכנות שלה יכולות להציג.',
      cure: 'הסירו את מפתח הגישה בטלפון וחברו שוב, או נסו קוד צימוד.',
    },
    keys_unreadable: {
      what: 'לא ניתן לפענח את המפתחות שלו.',
      cure: 'החזירו את מפתח ההצפנה שבו הוצפנו. הקישור לא אבד.',
    },
  },
  ar: {
    webhook_failing: {
      what: 'لم تستلم شيئًا منذ فترة: فشلت كل المحاولات.',
      cure: 'انظر في الإعدادات، تحت Webhooks، بماذا تجيب، وأعد إرسال ما فاتها حين تعمل من جديد.',
    },
    unreachable: {
      what: 'لا يصل إلى واتساب: فشلت خمس محاولات متتالية.',
      cure: 'يواصل Wasel المحاولة. إن استمر ذلك فتحقق من وصول خادم Wasel إلى الإنترنت.',
    },
    proxy_unreachable: {
      what: 'لا يجيب الوكيل (البروكسي): فشلت خمس محاولات متتالية.',
      cure: 'تحقق من أن الوكيل يعمل، ومن عنوانه ومنفذه.',
    },
    proxy_refused: {
      what: 'لا يسمح الوكيل (البروكسي) بالمرور: فشلت خمس محاولات متتالية.',
      cure: 'تحقق من اسم المستخدم وكلمة المرور، ومن أن الوكيل يسمح بالاتصال بواتساب.',
    },
    silent: {
      what: 'انقطع خطه ثلاث مرات خلال ساعة، وفُتح من جديد في كل مرة.',
      cure: 'قد تتأخر الرسائل. تحقق مما إذا كان الوكيل أو شبكة الخادم يقطعان الاتصالات.',
    },
    logged_out: { what: 'أُلغي ربطه من الهاتف.', cure: 'اضغط «اتصال» وامسح رمز QR لربطه مجددًا.' },
    replaced: {
      what: 'استولى برنامج آخر على اتصاله.',
      cure: 'أوقف البرنامج الآخر، ثم اضغط «اتصال» للرقم.',
    },
    banned: { what: 'أغلق واتساب هذا الحساب.', cure: 'افتح واتساب على الهاتف لمعرفة السبب.' },
    outdated: { what: 'يطلب واتساب إصدارًا أحدث من Wasel.', cure: 'حدّث Wasel.' },
    passkey_required: {
      what: 'يطلب واتساب من هذا الحساب مفتاح مرور لا تعرضه إلا برامجه.',
      cure: 'أزل مفتاح المرور على الهاتف ثم اضغط «اتصال»، أو جرّب رمز اقتران.',
    },
    keys_unreadable: {
      what: 'تعذر فك تشفير مفاتيحه.',
      cure: 'أعد مفتاح التشفير الذي شُفّرت به. لم يضع الربط.',
    },
  },
};

/** What is said around it, of what people call `name`. */
type Subject = Readonly<{
  raised: (name: string) => string;
  resolved: Readonly<Record<AlertResolution, (name: string) => string>>;
  closed: Readonly<Record<AlertResolution, string>>;
  action: string;
}>;

type Frame = Readonly<{
  number: Subject;
  webhook: Subject;
  note: string;
  test: string;
}>;

const FRAMES: Readonly<Record<Language, Frame>> = {
  en: {
    number: {
      raised: (number) => `The WhatsApp number ${number} needs you`,
      resolved: {
        recovered: (number) => `The WhatsApp number ${number} is well again`,
        withdrawn: (number) => `The WhatsApp number ${number} was disconnected here`,
      },
      closed: {
        recovered: 'It is connected again, and stays so. What waited to be sent is on its way.',
        withdrawn: 'Somebody of your team disconnected, unlinked or deleted it: the alert is closed.',
      },
      action: 'Open the number',
    },
    webhook: {
      raised: (host) => `The webhook ${host} needs you`,
      resolved: {
        recovered: (host) => `The webhook ${host} works again`,
        withdrawn: (host) => `The webhook ${host} was switched off here`,
      },
      closed: {
        recovered: 'It takes events again. What was given up meanwhile can be replayed.',
        withdrawn: 'Somebody of your team switched it off: the alert is closed.',
      },
      action: 'Open webhooks',
    },
    note: 'Whether you get such mails you decide under Settings, Alerts.',
    test: 'This is a test from Wasel: alerts about your WhatsApp numbers arrive here.',
  },
  he: {
    number: {
      raised: (number) => `מספר הוואטסאפ ${number} צריך אתכם`,
      resolved: {
        recovered: (number) => `מספר הוואטסאפ ${number} חזר לעבוד`,
        withdrawn: (number) => `מספר הוואטסאפ ${number} נותק כאן`,
      },
      closed: {
        recovered: 'הוא מחובר שוב, ונשאר כך. מה שחיכה לשליחה בדרך.',
        withdrawn: 'מישהו מהצוות ניתק אותו, ביטל את הקישור או מחק אותו: ההתראה נסגרה.',
      },
      action: 'לדף המספר',
    },
    webhook: {
      raised: (host) => `כתובת ה-Webhook ${host} צריכה אתכם`,
      resolved: {
        recovered: (host) => `כתובת ה-Webhook ${host} חזרה לעבוד`,
        withdrawn: (host) => `כתובת ה-Webhook ${host} כובתה כאן`,
      },
      closed: {
        recovered: 'היא מקבלת אירועים שוב. את מה שהוחמץ בינתיים אפשר לשלוח שוב.',
        withdrawn: 'מישהו מהצוות כיבה אותה: ההתראה נסגרה.',
      },
      action: 'לדף ה-Webhooks',
    },
    note: 'אם לקבל הודעות כאלה בדואר אתם מחליטים בהגדרות, תחת התראות.',
    test: 'זו בדיקה מ-Wasel: התראות על מספרי הוואטסאפ שלכם מגיעות לכאן.',
  },
  ar: {
    number: {
      raised: (number) => `رقم واتساب ${number} يحتاج إليك`,
      resolved: {
        recovered: (number) => `عاد رقم واتساب ${number} إلى العمل`,
        withdrawn: (number) => `قُطع اتصال رقم واتساب ${number} من هنا`,
      },
      closed: {
        recovered: 'عاد متصلًا وبقي كذلك. ما كان ينتظر الإرسال في طريقه.',
        withdrawn: 'قطع أحد أعضاء الفريق اتصاله أو ألغى ربطه أو حذفه: أُغلق التنبيه.',
      },
      action: 'فتح صفحة الرقم',
    },
    webhook: {
      raised: (host) => `عنوان Webhook ${host} يحتاج إليك`,
      resolved: {
        recovered: (host) => `عاد عنوان Webhook ${host} إلى العمل`,
        withdrawn: (host) => `أُوقف عنوان Webhook ${host} من هنا`,
      },
      closed: {
        recovered: 'يستلم الأحداث من جديد. ويمكن إعادة إرسال ما فاته.',
        withdrawn: 'أوقفه أحد أعضاء الفريق: أُغلق التنبيه.',
      },
      action: 'فتح صفحة Webhooks',
    },
    note: 'أنت تقرر في الإعدادات، تحت «التنبيهات»، إن كنت تتلقى مثل هذه الرسائل.',
    test: 'هذا اختبار من Wasel: تصل التنبيهات عن أرقام واتساب الخاصة بك إلى هنا.',
  },
};

/** An alert, or its end, of what people call `name`; `url` is its page. */
export type Told = Readonly<{ kind: AlertKind; resolution: AlertResolution | null; name: string; url: string }>;

const DAY_MS = 86_400_000;

const frameOf = (language: Language, kind: AlertKind): Subject =>
  FRAMES[language][kind === 'webhook_failing' ? 'webhook' : 'number'];

function wordsOf(language: Language, { kind, resolution, name }: Told) {
  const frame = frameOf(language, kind);
  const { what, cure } = RAISED[language][kind];
  return resolution
    ? { subject: frame.resolved[resolution](value(name)), paragraphs: [frame.closed[resolution]] }
    : { subject: frame.raised(value(name)), paragraphs: [what, cure] };
}

export function alertMail(to: string, language: Language, told: Told): Mail {
  const { note } = FRAMES[language];
  const letter: Letter = {
    ...wordsOf(language, told),
    language,
    action: { label: frameOf(language, told.kind).action, url: told.url },
    notes: [note],
  };
  return { kind: told.resolution ? 'alert_resolved' : 'alert_raised', to, expiresInMs: DAY_MS, letter };
}

/** The same as some lines for a chat. */
export function alertText(language: Language, told: Told): string {
  const { subject, paragraphs } = wordsOf(language, told);
  return [`${subject}.`, ...paragraphs, told.url].join('\n');
}

export const testText = (language: Language): string => FRAMES[language].test;
