/** What a browser needs of the contract at work: words and tables. Nothing here imports a package. */
export * from './kernel/words.ts';
export * from './modules/auth/permissions.ts';
export * from './modules/automations/automations.words.ts';
export * from './modules/automations/unfilled.rules.ts';
export {
  diceOf,
  faultOf as spintaxFaultOf,
  parseSpintax,
  say as saySpintax,
} from './modules/broadcasts/spintax.rules.ts';
export * from './modules/contacts/contacts.words.ts';
export * from './modules/groups/groups.words.ts';
export * from './modules/messages/messages.words.ts';
export * from './modules/notifications/notifications.words.ts';
export * from './modules/sessions/sessions.words.ts';
export * from './modules/templates/templates.rules.ts';
export * from './modules/templates/templates.words.ts';
export * from './modules/webhooks/webhooks.words.ts';
