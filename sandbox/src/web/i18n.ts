/** The page's words in English, Hebrew and Arabic. */
const en = {
  sandbox: 'SANDBOX: nothing here reaches WhatsApp',
  phones: 'Phones',
  language: 'Language',
  createPhone: 'Create a phone',
  name: 'Name',
  phoneNumber: 'Phone number (empty: a free one)',
  create: 'Create',
  cancel: 'Cancel',
  close: 'Close',
  back: 'Back',
  save: 'Save',
  saved: 'Saved.',
  noPhones: 'No phones yet',
  noPhonesHint: 'A phone is a person on WhatsApp. Create one, link it to Wasel, and chat with yourself.',
  choosePhone: 'Choose a phone to pick it up.',
  chats: 'Chats',
  devices: 'Linked devices',
  settings: 'Settings',
  noChats: 'No chats yet',
  noChatsHint: 'Write to another phone, or link this one and write from Wasel.',
  newChat: 'New chat',
  to: 'To',
  start: 'Start',
  noMessages: 'Say hello.',
  message: 'Message',
  send: 'Send',
  attach: 'Send a file',
  typing: 'typing…',
  online: 'Online',
  offline: 'Offline',
  goOnline: 'Go online',
  goOffline: 'Go offline',
  offlineHint: 'This phone has no connection. Messages to it wait, with one grey tick.',
  block: 'Block',
  unblock: 'Unblock',
  blocked: 'Blocked. Messages from here are acknowledged and never arrive.',
  linkDevice: 'Link a device',
  scanHint: 'Paste a screenshot of the QR code (or its text) here, or drop or choose the picture.',
  qrText: 'Text of the QR code',
  choosePicture: 'Choose a picture',
  noQr: 'There is no readable QR code in this picture.',
  scan: 'Link',
  scanWith: 'Which phone shall scan the QR code?',
  newPhone: 'A new phone',
  withCode: 'Link with a code instead',
  code: 'Code of 8 characters',
  codeRequested: 'A device waits for a code to be typed on this phone.',
  linked: 'Linked.',
  noDevices: 'No linked devices',
  noDevicesHint: 'Open “Link a number” in Wasel and scan its QR code with this phone.',
  unlink: 'Unlink',
  connected: 'Connected',
  notConnected: 'Not connected',
  autoReply: 'Answer every message with (empty: no answer; {text} stands for what was written)',
  autoRead: 'Read every message at once',
  deleted: 'This message was deleted',
  edited: 'edited',
  unsupported: 'Unsupported message',
  status_pending: 'waiting',
  status_sent: 'sent',
  status_delivered: 'delivered',
  status_read: 'read',
  status_played: 'played',
  status_failed: 'failed',
};

export type Word = keyof typeof en;

const he: Record<Word, string> = {
  sandbox: 'ארגז חול: דבר מכאן אינו מגיע לוואטסאפ',
  phones: 'טלפונים',
  language: 'שפה',
  createPhone: 'יצירת טלפון',
  name: 'שם',
  phoneNumber: 'מספר טלפון (ריק: מספר פנוי)',
  create: 'יצירה',
  cancel: 'ביטול',
  close: 'סגירה',
  back: 'חזרה',
  save: 'שמירה',
  saved: 'נשמר.',
  noPhones: 'אין עדיין טלפונים',
  noPhonesHint: 'טלפון הוא אדם בוואטסאפ. צרו אחד, קשרו אותו לוואסל, ושוחחו עם עצמכם.',
  choosePhone: 'בחרו טלפון כדי להרים אותו.',
  chats: 'צ׳אטים',
  devices: 'מכשירים מקושרים',
  settings: 'הגדרות',
  noChats: 'אין עדיין צ׳אטים',
  noChatsHint: 'כתבו לטלפון אחר, או קשרו את הטלפון הזה וכתבו מוואסל.',
  newChat: 'צ׳אט חדש',
  to: 'אל',
  start: 'התחלה',
  noMessages: 'אמרו שלום.',
  message: 'הודעה',
  send: 'שליחה',
  attach: 'שליחת קובץ',
  typing: 'מקליד/ה…',
  online: 'מחובר',
  offline: 'מנותק',
  goOnline: 'חיבור',
  goOffline: 'ניתוק',
  offlineHint: 'לטלפון הזה אין חיבור. הודעות אליו ממתינות, עם וי אפור אחד.',
  block: 'חסימה',
  unblock: 'ביטול חסימה',
  blocked: 'חסום. הודעות מכאן מאושרות ולעולם אינן מגיעות.',
  linkDevice: 'קישור מכשיר',
  scanHint: 'הדביקו כאן צילום מסך של קוד ה-QR (או את הטקסט שלו), או גררו או בחרו את התמונה.',
  qrText: 'הטקסט של קוד ה-QR',
  choosePicture: 'בחירת תמונה',
  noQr: 'אין בתמונה הזאת קוד QR קריא.',
  scan: 'קישור',
  scanWith: 'איזה טלפון יסרוק את קוד ה-QR?',
  newPhone: 'טלפון חדש',
  withCode: 'קישור באמצעות קוד',
  code: 'קוד בן 8 תווים',
  codeRequested: 'מכשיר ממתין להקלדת קוד בטלפון הזה.',
  linked: 'קושר.',
  noDevices: 'אין מכשירים מקושרים',
  noDevicesHint: 'פתחו בוואסל ״קישור מספר״ וסרקו את קוד ה-QR בטלפון הזה.',
  unlink: 'ביטול קישור',
  connected: 'מחובר',
  notConnected: 'לא מחובר',
  autoReply: 'מענה לכל הודעה (ריק: ללא מענה; {text} הוא מה שנכתב)',
  autoRead: 'קריאת כל הודעה מיד',
  deleted: 'הודעה זו נמחקה',
  edited: 'נערכה',
  unsupported: 'הודעה שאינה נתמכת',
  status_pending: 'ממתינה',
  status_sent: 'נשלחה',
  status_delivered: 'נמסרה',
  status_read: 'נקראה',
  status_played: 'הושמעה',
  status_failed: 'נכשלה',
};

const ar: Record<Word, string> = {
  sandbox: 'بيئة تجريبية: لا شيء من هنا يصل إلى واتساب',
  phones: 'الهواتف',
  language: 'اللغة',
  createPhone: 'إنشاء هاتف',
  name: 'الاسم',
  phoneNumber: 'رقم الهاتف (فارغ: رقم متاح)',
  create: 'إنشاء',
  cancel: 'إلغاء',
  close: 'إغلاق',
  back: 'رجوع',
  save: 'حفظ',
  saved: 'تم الحفظ.',
  noPhones: 'لا توجد هواتف بعد',
  noPhonesHint: 'الهاتف شخص على واتساب. أنشئ واحدًا واربطه بواصل وتحدث مع نفسك.',
  choosePhone: 'اختر هاتفًا لاستخدامه.',
  chats: 'الدردشات',
  devices: 'الأجهزة المرتبطة',
  settings: 'الإعدادات',
  noChats: 'لا توجد دردشات بعد',
  noChatsHint: 'اكتب إلى هاتف آخر، أو اربط هذا الهاتف واكتب من واصل.',
  newChat: 'دردشة جديدة',
  to: 'إلى',
  start: 'بدء',
  noMessages: 'قل مرحبًا.',
  message: 'رسالة',
  send: 'إرسال',
  attach: 'إرسال ملف',
  typing: 'يكتب…',
  online: 'متصل',
  offline: 'غير متصل',
  goOnline: 'الاتصال',
  goOffline: 'قطع الاتصال',
  offlineHint: 'هذا الهاتف بلا اتصال. تنتظر الرسائل إليه بعلامة رمادية واحدة.',
  block: 'حظر',
  unblock: 'إلغاء الحظر',
  blocked: 'محظور. تُقبل الرسائل من هنا ولا تصل أبدًا.',
  linkDevice: 'ربط جهاز',
  scanHint: 'الصق هنا لقطة شاشة لرمز QR (أو نصه)، أو أسقط الصورة أو اخترها.',
  qrText: 'نص رمز QR',
  choosePicture: 'اختيار صورة',
  noQr: 'لا يوجد رمز QR مقروء في هذه الصورة.',
  scan: 'ربط',
  scanWith: 'أي هاتف يمسح رمز QR؟',
  newPhone: 'هاتف جديد',
  withCode: 'الربط برمز بدلًا من ذلك',
  code: 'رمز من 8 أحرف',
  codeRequested: 'جهاز ينتظر كتابة رمز على هذا الهاتف.',
  linked: 'تم الربط.',
  noDevices: 'لا توجد أجهزة مرتبطة',
  noDevicesHint: 'افتح «ربط رقم» في واصل وامسح رمز QR بهذا الهاتف.',
  unlink: 'إلغاء الربط',
  connected: 'متصل',
  notConnected: 'غير متصل',
  autoReply: 'الرد على كل رسالة بـ (فارغ: بلا رد؛ {text} هو ما كُتب)',
  autoRead: 'قراءة كل رسالة فورًا',
  deleted: 'تم حذف هذه الرسالة',
  edited: 'معدّلة',
  unsupported: 'رسالة غير مدعومة',
  status_pending: 'في الانتظار',
  status_sent: 'أُرسلت',
  status_delivered: 'تم التسليم',
  status_read: 'قُرئت',
  status_played: 'شُغّلت',
  status_failed: 'فشلت',
};

const dictionaries = { en, he, ar };
export type Language = keyof typeof dictionaries;
export const languages: Readonly<Record<Language, string>> = { en: 'English', he: 'עברית', ar: 'العربية' };

const STORAGE_KEY = 'sandbox.language';
let current: Language = initialLanguage();

export function language(): Language {
  return current;
}

export function setLanguage(next: Language): void {
  current = next;
  localStorage.setItem(STORAGE_KEY, next);
  applyLanguage();
}

/** Direction and language of the document follow the words. */
export function applyLanguage(): void {
  document.documentElement.lang = current;
  document.documentElement.dir = current === 'en' ? 'ltr' : 'rtl';
}

export function t(word: Word): string {
  return dictionaries[current][word];
}

export function timeOf(iso: string): string {
  return new Intl.DateTimeFormat(current, { hour: '2-digit', minute: '2-digit' }).format(new Date(iso));
}

function initialLanguage(): Language {
  const asked =
    new URLSearchParams(location.search).get('lang') ??
    localStorage.getItem(STORAGE_KEY) ??
    navigator.language.slice(0, 2);
  return asked in dictionaries ? (asked as Language) : 'en';
}
