/** Days of contacts that have a name in every language; any other name is an organization's own. */
export const CONTACT_DAYS = ['birthday', 'anniversary'] as const;
