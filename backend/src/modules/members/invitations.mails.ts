import type { Language } from '../../kernel/language.ts';
import { type Letter, value } from '../../platform/mail/letter.ts';
import type { Mail } from '../../platform/mail/mailer.ts';

type Words = Omit<Letter, 'language' | 'action'> & { action: string };

const WORDS: Readonly<Record<Language, (organization: string, inviter: string) => Words>> = {
  en: (organization, inviter) => ({
    subject: `Join ${organization} at Wasel`,
    paragraphs: [`${inviter} invites you to ${organization}, which answers its WhatsApp conversations with Wasel.`],
    action: 'See the invitation',
    notes: ['The link is for you alone. It works once and for seven days. If you do not know them, do nothing.'],
  }),
  he: (organization, inviter) => ({
    subject: `הצטרפות אל ${organization} ב-Wasel`,
    paragraphs: [`קיבלתם הזמנה מאת ${inviter} להצטרף אל ${organization}, שם עונים לשיחות הוואטסאפ ב-Wasel.`],
    action: 'צפייה בהזמנה',
    notes: ['הקישור מיועד לכם בלבד. הוא פועל פעם אחת ובמשך שבעה ימים. אם אינכם מכירים את השולח, אין צורך לעשות דבר.'],
  }),
  ar: (organization, inviter) => ({
    subject: `الانضمام إلى ${organization} في Wasel`,
    paragraphs: [`يدعوك ${inviter} إلى ${organization}، حيث يُرد على محادثات واتساب عبر Wasel.`],
    action: 'عرض الدعوة',
    notes: ['الرابط لك وحدك. يعمل مرة واحدة ولمدة سبعة أيام. إن كنت لا تعرف المرسل فلا تفعل شيئًا.'],
  }),
};

/** @param lifeMs how long the link works */
export function invitationMail(
  to: string,
  organization: { name: string; language: Language },
  inviter: string,
  link: string,
  lifeMs: number,
): Mail {
  const { language } = organization;
  const { action: label, ...words } = WORDS[language](value(organization.name), value(inviter));
  return { kind: 'invitation', to, expiresInMs: lifeMs, letter: { ...words, language, action: { label, url: link } } };
}
