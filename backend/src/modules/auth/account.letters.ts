import type { Language } from '../../kernel/language.ts';
import { type Letter, value } from '../../platform/mail/letter.ts';
import type { Mail } from '../../platform/mail/mailer.ts';

type Words = Omit<Letter, 'language' | 'action'> & { action: string };
type Told = Omit<Letter, 'language' | 'action'>;

const DAY_MS = 86_400_000;

const RESET: Readonly<Record<Language, Words>> = {
  en: {
    subject: 'Choose a new password for Wasel',
    paragraphs: ['Somebody, we hope you, asked for a new password for your account at Wasel.'],
    action: 'Choose a new password',
    notes: ['The link works once and for an hour. If it was not you, do nothing: your password stays as it is.'],
  },
  he: {
    subject: 'בחירת סיסמה חדשה ל-Wasel',
    paragraphs: ['התקבלה בקשה לסיסמה חדשה לחשבון שלכם ב-Wasel.'],
    action: 'בחירת סיסמה חדשה',
    notes: ['הקישור פועל פעם אחת ובמשך שעה. אם לא אתם ביקשתם, אין צורך לעשות דבר: הסיסמה נשארת כפי שהיא.'],
  },
  ar: {
    subject: 'اختيار كلمة مرور جديدة لـ Wasel',
    paragraphs: ['وصلنا طلب كلمة مرور جديدة لحسابك في Wasel.'],
    action: 'اختيار كلمة مرور جديدة',
    notes: ['يعمل الرابط مرة واحدة ولمدة ساعة. إن لم تطلب ذلك فلا تفعل شيئًا: تبقى كلمة مرورك كما هي.'],
  },
};

const CHANGED: Readonly<Record<Language, Told>> = {
  en: {
    subject: 'Your password for Wasel was changed',
    paragraphs: ['The password of your account at Wasel was changed, and every browser was signed out.'],
    notes: ['If it was not you, ask for a new password on the sign-in page at once.'],
  },
  he: {
    subject: 'הסיסמה שלכם ל-Wasel שונתה',
    paragraphs: ['הסיסמה של החשבון שלכם ב-Wasel שונתה, וכל הדפדפנים נותקו.'],
    notes: ['אם לא אתם עשיתם זאת, בקשו מיד סיסמה חדשה בדף הכניסה.'],
  },
  ar: {
    subject: 'تم تغيير كلمة مرورك في Wasel',
    paragraphs: ['تم تغيير كلمة مرور حسابك في Wasel، وسُجّل الخروج من كل المتصفحات.'],
    notes: ['إن لم تكن أنت من فعل ذلك، فاطلب كلمة مرور جديدة فورًا من صفحة تسجيل الدخول.'],
  },
};

const CONFIRM: Readonly<Record<Language, Words>> = {
  en: {
    subject: 'Confirm your new address for Wasel',
    paragraphs: ['You asked to sign in to Wasel with this address from now on.'],
    action: 'Use this address',
    notes: ['The link works once and for an hour. If it was not you, do nothing.'],
  },
  he: {
    subject: 'אישור הכתובת החדשה ל-Wasel',
    paragraphs: ['ביקשתם להיכנס ל-Wasel מעתה בכתובת הזאת.'],
    action: 'שימוש בכתובת הזאת',
    notes: ['הקישור פועל פעם אחת ובמשך שעה. אם לא אתם ביקשתם, אין צורך לעשות דבר.'],
  },
  ar: {
    subject: 'تأكيد عنوانك الجديد في Wasel',
    paragraphs: ['طلبت تسجيل الدخول إلى Wasel بهذا العنوان من الآن.'],
    action: 'استخدام هذا العنوان',
    notes: ['يعمل الرابط مرة واحدة ولمدة ساعة. إن لم تطلب ذلك فلا تفعل شيئًا.'],
  },
};

const moved: Readonly<Record<Language, (to: string) => Told>> = {
  en: (to) => ({
    subject: 'Your address for Wasel was changed',
    paragraphs: [`Your account at Wasel is now signed in to with ${to}, and no more with this address.`],
    notes: ['If it was not you, tell whoever runs this installation at once.'],
  }),
  he: (to) => ({
    subject: 'הכתובת שלכם ב-Wasel שונתה',
    paragraphs: [`הכניסה לחשבון שלכם ב-Wasel היא מעתה בכתובת ${to}, ולא עוד בכתובת הזאת.`],
    notes: ['אם לא אתם עשיתם זאת, פנו מיד למי שמפעיל את המערכת.'],
  }),
  ar: (to) => ({
    subject: 'تم تغيير عنوانك في Wasel',
    paragraphs: [`أصبح تسجيل الدخول إلى حسابك في Wasel بالعنوان ${to}، وليس بهذا العنوان.`],
    notes: ['إن لم تكن أنت من فعل ذلك، فتواصل فورًا مع من يدير هذا النظام.'],
  }),
};

const withLink = (language: Language, { action: label, ...words }: Words, url: string): Letter => ({
  ...words,
  language,
  action: { label, url },
});

/** @param lifeMs how long the link works */
export const passwordReset = (to: string, language: Language, url: string, lifeMs: number): Mail => ({
  kind: 'password_reset',
  to,
  expiresInMs: lifeMs,
  letter: withLink(language, RESET[language], url),
});

export const passwordChanged = (to: string, language: Language): Mail => ({
  kind: 'password_changed',
  to,
  expiresInMs: DAY_MS,
  letter: { ...CHANGED[language], language },
});

/** To the new address. @param lifeMs how long the link works */
export const emailConfirmation = (to: string, language: Language, url: string, lifeMs: number): Mail => ({
  kind: 'email_confirmation',
  to,
  expiresInMs: lifeMs,
  letter: withLink(language, CONFIRM[language], url),
});

/** To the old address. */
export const emailChanged = (to: string, language: Language, newEmail: string): Mail => ({
  kind: 'email_changed',
  to,
  expiresInMs: DAY_MS,
  letter: { ...moved[language](value(newEmail)), language },
});
