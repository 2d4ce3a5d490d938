'use client';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { sessionsQuery } from '@/features/sessions/sessions.api';
import { faultIn } from '@/lib/api';
import { Button } from '@/ui/button';
import { EndButton } from '@/ui/end-button';
import { Card } from '@/ui/states';
import { changesOf, useChange } from './changes.api';
import { Reason } from './number-choice';
import { Standing } from './outcome';
import type { At } from './profile-forms';

/** The number goes; the group stays. */
export function LeaveGroup({ group, number }: At) {
  const t = useTranslations('groups.changes');
  const { data: sessions = [] } = useQuery(sessionsQuery());
  const name = sessions.find(({ id }) => id === number.session_id)?.name ?? '';
  const work = useChange(changesOf(group.jid).leave, group.jid);
  const why = number.cannot.leave ?? null;
  return (
    <Card className="grid grid-cols-1 justify-items-start gap-4" aria-label={t('leave.title')}>
      <div className="grid gap-0.5">
        <h3 className="text-sm font-medium">{t('leave.title')}</h3>
        <p className="text-sm leading-6 text-quiet">
          {t(group.kind === 'community' ? 'leave.community' : 'leave.text')}
        </p>
      </div>
      <Reason why={why} />
      {why ? (
        <Button look="danger" disabled>
          {t('leave.submit')}
        </Button>
      ) : (
        <EndButton
          label={t('leave.submit')}
          cancel={t('cancel')}
          title={t('leave.confirm', { group: group.subject })}
          text={t('leave.confirmText', { number: name })}
          work={{ isPending: work.isAsking, reset: work.reset }}
          fault={work.error ? faultIn(t, work.error) : undefined}
          run={() => work.askAndWait({ session_id: number.session_id })}
        />
      )}
      <Standing {...work} />
    </Card>
  );
}
