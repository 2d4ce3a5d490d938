'use client';
import { may } from '@wasel/backend/contract/words';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { LanguageSelect, ThemeChoice } from '@/features/shell/preferences';
import { sayOf } from '@/lib/api';
import { session } from '@/lib/auth';
import { textOf } from '@/lib/form';
import { Button, buttonClass } from '@/ui/button';
import { Field, FormFault, SelectField } from '@/ui/field';
import { Page } from '@/ui/page';
import { Card, Skeleton } from '@/ui/states';
import { chooseOrganization, meQuery, useMembership } from './account.api';
import { useRename, useUpdateOrganization } from './changes.api';
import { DeleteOrganization } from './delete-organization';
import { EmailForm } from './email-form';
import { ExportOrganization } from './export-organization';
import { OrganizationForm } from './organization-form';
import { Link } from '@/ui/link';

export function SettingsScreen() {
  const t = useTranslations('settings');
  const { data: membership } = useMembership();
  const update = useUpdateOrganization();
  return (
    <Page title={t('title')}>
      <Section title={t('profile')} text={t('profileText')}>
        <Profile />
      </Section>
      <Organizations />
      {membership && may(membership.role, 'organization:update') ? (
        <Section title={t('organization')} text={t('organizationText')}>
          <OrganizationForm
            organization={membership.organization}
            submit={(changes) => update.mutateAsync(changes)}
            label={t('save')}
          />
        </Section>
      ) : null}
      <FurtherPages />
      <Section title={t('appearance')} text={t('appearanceText')}>
        <Appearance />
      </Section>
      <Section title={t('signOut')} text={t('signOutText')}>
        <Button look="danger" onClick={() => void session.signOut().then(() => location.assign('/'))}>
          {t('signOut')}
        </Button>
      </Section>
      {membership && may(membership.role, 'organization:export') ? (
        <Section title={t('export.title')} text={t('export.text')}>
          <ExportOrganization />
        </Section>
      ) : null}
      {membership && may(membership.role, 'organization:delete') && !membership.organization.deletion ? (
        <Section title={t('danger')} text={t('dangerText')}>
          <DeleteOrganization name={membership.organization.name} />
        </Section>
      ) : null}
    </Page>
  );
}

/** For who is in several: which one the screens are about. */
function Organizations() {
  const t = useTranslations('members.organizations');
  const { data: me } = useQuery(meQuery());
  const { data: membership } = useMembership();
  if (!me || !membership || me.memberships.length < 2) return null;
  return (
    <Section title={t('title')} text={t('text')}>
      <SelectField
        label={t('label')}
        value={membership.organization.id}
        options={me.memberships.map(({ organization: { id, name } }) => [id, name] as const)}
        onChange={(event) => {
          chooseOrganization(event.target.value);
          location.assign('/overview'); // anew, so that nothing of the other one stays on the screen
        }}
      />
    </Section>
  );
}

const FURTHER = [
  ['members', '/settings/members', 'members:read'],
  ['apiKeys', '/settings/api-keys', 'api_keys:manage'],
  ['webhooks', '/settings/webhooks', 'webhooks:manage'],
  ['alertSettings', '/settings/alerts', 'alerts:subscribe'],
] as const;

/** The way to what has a page of its own, for who may use it. */
function FurtherPages() {
  const t = useTranslations();
  const { data: membership } = useMembership();
  return FURTHER.filter(([, , action]) => membership && may(membership.role, action)).map(([name, href]) => (
    <Section key={name} title={t(`${name}.title`)} text={t(`${name}.linkText`)}>
      <Link href={href} className={buttonClass('plain')}>
        {t(`${name}.link`)}
      </Link>
    </Section>
  ));
}

/** What it is about at the side, what can be done beside it. */
function Section({ title, text, children }: { title: string; text: string; children: React.ReactNode }) {
  return (
    <Card className="grid gap-x-8 gap-y-5 md:grid-cols-[15rem_minmax(0,1fr)]">
      <div className="grid content-start gap-1">
        <h2 className="font-semibold">{title}</h2>
        <p className="text-sm leading-6 text-quiet">{text}</p>
      </div>
      <div className="min-w-0">{children}</div>
    </Card>
  );
}

function Profile() {
  const t = useTranslations('settings');
  const { data: me } = useQuery(meQuery());
  const rename = useRename();
  if (!me) return <Skeleton className="h-32" />;
  return (
    <div className="grid gap-6">
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          rename.mutate(textOf(new FormData(event.currentTarget), 'name'));
        }}
      >
        <Field label={t('name')} name="name" dir="auto" defaultValue={me.name} autoComplete="name" required />
        {rename.error ? <FormFault>{sayOf(rename.error, t('failed'))}</FormFault> : null}
        <div className="flex items-center gap-3">
          <Button type="submit" busy={rename.isPending}>
            {t('save')}
          </Button>
          {rename.isSuccess ? (
            <span role="status" className="text-sm text-good">
              {t('saved')}
            </span>
          ) : null}
        </div>
      </form>
      <EmailForm email={me.email} />
    </div>
  );
}

function Appearance() {
  const t = useTranslations('settings');
  const language = useId();
  return (
    <div className="grid gap-5">
      <ThemeChoice label={t('theme')} />
      <div className="grid gap-1.5">
        <label htmlFor={language} className="text-sm font-medium">
          {t('language')}
        </label>
        <LanguageSelect id={language} className="" />
      </div>
    </div>
  );
}
