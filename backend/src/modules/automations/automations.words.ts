/** What automations act on by a name of Wasel's; any other name is a customer's own. */
export const AUTOMATION_EVENTS = [
  'trial_started',
  'subscription_activated',
  'subscription_expiring',
  'payment_due',
  'message_received',
  'contact_created',
  'contact_day',
] as const;

/** Those of them that Wasel sees by itself; nobody else can tell them. */
export const OWN_EVENTS = ['message_received', 'contact_created', 'contact_day'] as const;

/** How a field of an event is compared. */
export const CONDITION_OPERATORS = [
  'equals',
  'not_equals',
  'contains',
  'greater_than',
  'less_than',
  'exists',
  'not_exists',
] as const;

export const KEYWORD_MATCHES = ['whole', 'contains'] as const;

/** Fields that every event of a kind has, beside those that whoever tells it adds. */
export const EVENT_FIELDS: Readonly<Record<string, readonly string[]>> = {
  trial_started: ['customer_name', 'trial_days', 'app_url'],
  subscription_activated: ['customer_name', 'plan_name', 'end_date', 'features_list'],
  subscription_expiring: ['customer_name', 'plan_name', 'expiry_date', 'days_remaining', 'renewal_url'],
  payment_due: ['customer_name', 'amount', 'currency', 'invoice_number', 'due_date', 'payment_url'],
  message_received: ['contact_name', 'phone_number', 'text', 'type'],
  contact_created: ['contact_name', 'phone_number'],
  contact_day: ['contact_name', 'phone_number', 'day_name', 'date', 'days_remaining', 'years'],
};

/** Why an automation did not act. */
export const SKIP_REASONS = [
  'conditions_not_met',
  'no_phone_number',
  'no_email',
  'no_date',
  'too_late',
  'too_often',
] as const;
