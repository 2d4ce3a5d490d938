import type { Language } from '@wasel/backend/contract';
import type { Article } from './article.ts';
import arAutomations from './ar/automations.ts';
import arInbox from './ar/inbox.ts';
import arNumbers from './ar/numbers.ts';
import arOrganization from './ar/organization.ts';
import arReports from './ar/reports.ts';
import arStart from './ar/start.ts';
import arTroubleshooting from './ar/troubleshooting.ts';
import enAutomations from './en/automations.ts';
import enInbox from './en/inbox.ts';
import enNumbers from './en/numbers.ts';
import enOrganization from './en/organization.ts';
import enReports from './en/reports.ts';
import enStart from './en/start.ts';
import enTroubleshooting from './en/troubleshooting.ts';
import heAutomations from './he/automations.ts';
import heInbox from './he/inbox.ts';
import heNumbers from './he/numbers.ts';
import heOrganization from './he/organization.ts';
import heReports from './he/reports.ts';
import heStart from './he/start.ts';
import heTroubleshooting from './he/troubleshooting.ts';

const en = {
  start: enStart,
  numbers: enNumbers,
  inbox: enInbox,
  reports: enReports,
  automations: enAutomations,
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
    reports: heReports,
    automations: heAutomations,
    organization: heOrganization,
    troubleshooting: heTroubleshooting,
  },
  ar: {
    start: arStart,
    numbers: arNumbers,
    inbox: arInbox,
    reports: arReports,
    automations: arAutomations,
    organization: arOrganization,
    troubleshooting: arTroubleshooting,
  },
};
