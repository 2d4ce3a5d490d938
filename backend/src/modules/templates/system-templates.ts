import { TemplateId } from '../../kernel/ids.ts';
import type { TemplateCategory } from './templates.dto.ts';

/** A template that comes with Wasel: the same for every organization, to be copied and never changed. */
export type SystemTemplate = Readonly<{
  id: TemplateId;
  name: string;
  category: TemplateCategory;
  language: 'en' | 'he' | 'ar';
  body: string;
  headerType: null;
  headerMediaId: null;
}>;

type Texts = Readonly<Record<SystemTemplate['language'], Readonly<{ name: string; lines: readonly string[] }>>>;

const TEXTS: Readonly<Record<Exclude<TemplateCategory, 'custom'>, Texts>> = {
  trial_welcome: {
    ar: {
      name: 'ترحيب بالفترة التجريبية',
      lines: [
        'مرحباً {{customer_name}}! 👋',
        'شكراً لتسجيلك. نحن سعداء بانضمامك!',
        '🎁 لديك فترة تجريبية مجانية لمدة {{trial_days}} يوم للاستمتاع بجميع المميزات.',
        '📱 ابدأ الآن من: {{app_url}}',
        'إذا كان لديك أي استفسار، نحن هنا للمساعدة!',
      ],
    },
    en: {
      name: 'Welcome to the trial',
      lines: [
        'Hello {{customer_name}}! 👋',
        'Thank you for signing up. We are happy to have you!',
        '🎁 You have a free trial of {{trial_days}} days, with everything included.',
        '📱 Start here: {{app_url}}',
        'If you have any question, we are here to help!',
      ],
    },
    he: {
      name: 'ברוכים הבאים לתקופת הניסיון',
      lines: [
        'שלום {{customer_name}}! 👋',
        'תודה על ההרשמה. אנחנו שמחים שהצטרפת!',
        '🎁 יש לך תקופת ניסיון חינם של {{trial_days}} ימים, עם כל האפשרויות.',
        '📱 אפשר להתחיל כאן: {{app_url}}',
        'לכל שאלה, אנחנו כאן לעזור!',
      ],
    },
  },
  subscription_expiring: {
    ar: {
      name: 'اشتراك على وشك الانتهاء',
      lines: [
        '⚠️ تنبيه مهم',
        'مرحباً {{customer_name}}،',
        'اشتراكك في خطة {{plan_name}} سينتهي في {{expiry_date}} (بعد {{days_remaining}} أيام).',
        '💡 جدد اشتراكك الآن لتجنب انقطاع الخدمة: {{renewal_url}}',
        'شكراً لثقتك!',
      ],
    },
    en: {
      name: 'Subscription about to end',
      lines: [
        '⚠️ Important notice',
        'Hello {{customer_name}},',
        'Your subscription to {{plan_name}} ends on {{expiry_date}} (in {{days_remaining}} days).',
        '💡 Renew now, so that the service goes on: {{renewal_url}}',
        'Thank you for your trust!',
      ],
    },
    he: {
      name: 'מינוי שעומד להסתיים',
      lines: [
        '⚠️ הודעה חשובה',
        'שלום {{customer_name}},',
        'המינוי שלך לתוכנית {{plan_name}} יסתיים בתאריך {{expiry_date}} (בעוד {{days_remaining}} ימים).',
        '💡 כדאי לחדש עכשיו, כדי שהשירות לא ייפסק: {{renewal_url}}',
        'תודה על האמון!',
      ],
    },
  },
  subscription_activated: {
    ar: {
      name: 'تفعيل الاشتراك',
      lines: [
        '✅ تم تفعيل اشتراكك بنجاح!',
        'مرحباً {{customer_name}}،',
        'تم تفعيل خطة {{plan_name}} بنجاح.',
        '📅 صالح حتى: {{end_date}}',
        '✨ المميزات المتاحة: {{features_list}}',
      ],
    },
    en: {
      name: 'Subscription activated',
      lines: [
        '✅ Your subscription is active!',
        'Hello {{customer_name}},',
        'Your plan {{plan_name}} has been activated.',
        '📅 Valid until: {{end_date}}',
        '✨ What it includes: {{features_list}}',
      ],
    },
    he: {
      name: 'המינוי הופעל',
      lines: [
        '✅ המינוי שלך הופעל בהצלחה!',
        'שלום {{customer_name}},',
        'התוכנית {{plan_name}} הופעלה בהצלחה.',
        '📅 בתוקף עד: {{end_date}}',
        '✨ מה כלול: {{features_list}}',
      ],
    },
  },
  payment_reminder: {
    ar: {
      name: 'تذكير بالدفع',
      lines: [
        '💳 تذكير بالدفع',
        'مرحباً {{customer_name}}،',
        'لديك فاتورة مستحقة بقيمة {{amount}} {{currency}}.',
        '📄 رقم الفاتورة: {{invoice_number}}',
        '📅 تاريخ الاستحقاق: {{due_date}}',
        'ادفع الآن: {{payment_url}}',
      ],
    },
    en: {
      name: 'Payment reminder',
      lines: [
        '💳 Payment reminder',
        'Hello {{customer_name}},',
        'You have an open invoice of {{amount}} {{currency}}.',
        '📄 Invoice number: {{invoice_number}}',
        '📅 Due on: {{due_date}}',
        'Pay now: {{payment_url}}',
      ],
    },
    he: {
      name: 'תזכורת לתשלום',
      lines: [
        '💳 תזכורת לתשלום',
        'שלום {{customer_name}},',
        'יש לך חשבונית פתוחה בסך {{amount}} {{currency}}.',
        '📄 מספר חשבונית: {{invoice_number}}',
        '📅 לתשלום עד: {{due_date}}',
        'לתשלום: {{payment_url}}',
      ],
    },
  },
};

const CATEGORIES = ['payment_reminder', 'subscription_activated', 'subscription_expiring', 'trial_welcome'] as const;
const LANGUAGES = ['he', 'en', 'ar'] as const;

/**
 * The newest first, as every list: their ids, which are for ever, are older than any other. By category first, so that the
 * three languages of one stand together.
 */
export const SYSTEM_TEMPLATES: readonly SystemTemplate[] = CATEGORIES.flatMap((category, c) =>
  LANGUAGES.map((language, l) => {
    const { name, lines } = TEXTS[category][language];
    const number = `${CATEGORIES.length - c}${LANGUAGES.length - l}`;
    return {
      id: TemplateId.parse(`00000000-0000-7000-8000-0000000000${number}`),
      name,
      category,
      language,
      body: lines.join('\n'),
      headerType: null,
      headerMediaId: null,
    };
  }),
);

const BY_ID = new Map<string, SystemTemplate>(SYSTEM_TEMPLATES.map((template) => [template.id, template]));

export const systemTemplate = (id: string): SystemTemplate | undefined => BY_ID.get(id);
