import type { Language } from '@wasel/backend/contract';
import type { Article } from './article.ts';
import arAutomations from './ar/automations.ts';
import arBroadcasts from './ar/broadcasts.ts';
import arBulk from './ar/bulk.ts';
import arContacts from './ar/contacts.ts';
import arGroups from './ar/groups.ts';
import arInbox from './ar/inbox.ts';
import arNumbers from './ar/numbers.ts';
import arOrganization from './ar/organization.ts';
import arReports from './ar/reports.ts';
import arStart from './ar/start.ts';
import arTemplates from './ar/templates.ts';
import arTroubleshooting from './ar/troubleshooting.ts';
import arWebhooks from './ar/webhooks.ts';
import enAutomations from './en/automations.ts';
import enBroadcasts from './en/broadcasts.ts';
import enBulk from './en/bulk.ts';
import enContacts from './en/contacts.ts';
import enGroups from './en/groups.ts';
import enInbox from './en/inbox.ts';
import enNumbers from './en/numbers.ts';
import enOrganization from './en/organization.ts';
import enReports from './en/reports.ts';
import enStart from './en/start.ts';
import enTemplates from './en/templates.ts';
import enTroubleshooting from './en/troubleshooting.ts';
import enWebhooks from './en/webhooks.ts';
import heAutomations from './he/automations.ts';
import heBroadcasts from './he/broadcasts.ts';
import heBulk from './he/bulk.ts';
import heContacts from './he/contacts.ts';
import heGroups from './he/groups.ts';
import heInbox from './he/inbox.ts';
import heNumbers from './he/numbers.ts';
import heOrganization from './he/organization.ts';
import heReports from './he/reports.ts';
import heStart from './he/start.ts';
import heTemplates from './he/templates.ts';
import heTroubleshooting from './he/troubleshooting.ts';
import heWebhooks from './he/webhooks.ts';

const en = {
  start: enStart,
  numbers: enNumbers,
  inbox: enInbox,
  contacts: enContacts,
  groups: enGroups,
  templates: enTemplates,
  broadcasts: enBroadcasts,
  bulk: enBulk,
  reports: enReports,
  automations: enAutomations,
  webhooks: enWebhooks,
  organization: enOrganization,
  troubleshooting: enTroubleshooting,
};
type Articles = typeof en;
export type ArticleName = keyof Articles;

/** A section of an article, as `troubleshooting#passkey`. */
export type HelpTopic = {
  [Name in ArticleName]: `${Name}#${Articles[Name]['sections'][number]['id']}`;
}[ArticleName];

/** Everything that the help says, in the order in which it is listed. */
export const ARTICLES: Readonly<
  Record<Language, { [Name in ArticleName]: Article<Articles[Name]['sections'][number]['id']> }>
> = {
  en,
  he: {
    start: heStart,
    numbers: heNumbers,
    inbox: heInbox,
    contacts: heContacts,
    groups: heGroups,
    templates: heTemplates,
    broadcasts: heBroadcasts,
    bulk: heBulk,
    reports: heReports,
    automations: heAutomations,
    webhooks: heWebhooks,
    organization: heOrganization,
    troubleshooting: heTroubleshooting,
  },
  ar: {
    start: arStart,
    numbers: arNumbers,
    inbox: arInbox,
    contacts: arContacts,
    groups: arGroups,
    templates: arTemplates,
    broadcasts: arBroadcasts,
    bulk: arBulk,
    reports: arReports,
    automations: arAutomations,
    webhooks: arWebhooks,
    organization: arOrganization,
    troubleshooting: arTroubleshooting,
  },
};
