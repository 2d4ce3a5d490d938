'use client';
import type { MeView } from '@wasel/backend/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { call } from '@/lib/api';

export const meQuery = () => queryOptions({ queryKey: ['me'], queryFn: () => call('MeView', '/me') });
export const configQuery = () =>
  queryOptions({ queryKey: ['config'], queryFn: () => call('PublicConfig', '/config'), staleTime: Infinity });

const CHOSEN = 'wasel-organization';

/** Who is in several organizations works in this one from the next page on, in this browser. */
export const chooseOrganization = (id: string): void => localStorage.setItem(CHOSEN, id);

/** The membership that the screen works in: the chosen one, else the first. */
export const membershipOf = ({ memberships }: MeView): MeView['memberships'][number] | null =>
  memberships.find(({ organization }) => organization.id === localStorage.getItem(CHOSEN)) ?? memberships[0] ?? null;

export const useMembership = () => useQuery({ ...meQuery(), select: membershipOf });
