'use client';
import type { OrganizationView } from '@wasel/backend/contract';
import { DeletedBanner } from '@/features/account/deleted-banner';
import { AlertBanner } from '@/features/alerts/alert-banner';
import { SuspensionBanner } from './suspension-banner';

/** What keeps an organization from its work, on every page of it. Loaded apart: mostly there is nothing. */
export default function Trouble({ organization: { suspension } }: { organization: OrganizationView }) {
  return (
    <>
      <DeletedBanner />
      <SuspensionBanner suspension={suspension} />
      <AlertBanner />
    </>
  );
}
