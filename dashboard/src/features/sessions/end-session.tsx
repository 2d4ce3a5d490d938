'use client';
import type { SessionView } from '@wasel/backend/contract';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { sayOf } from '@/lib/api';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { useDeleteSession, useLogOut } from './sessions.api';

/** Unlinks a number from its phone, after it was said what that means. */
export function LogOutButton({ session }: { session: SessionView }) {
  return <EndButton session={session} work={useLogOut()} label="logOut" ask="confirmLogOut" />;
}

/** Deletes a number, after it was said what that means. */
export function DeleteButton({ session, deleted }: { session: SessionView; deleted: () => void }) {
  return <EndButton session={session} work={useDeleteSession()} label="delete" ask="confirmDelete" done={deleted} />;
}

function EndButton({
  session,
  work,
  label,
  ask,
  done,
}: {
  session: SessionView;
  work: ReturnType<typeof useLogOut> | ReturnType<typeof useDeleteSession>;
  label: 'logOut' | 'delete';
  ask: 'confirmLogOut' | 'confirmDelete';
  done?: () => void;
}) {
  const t = useTranslations('sessions');
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button
        look="danger"
        onClick={() => {
          work.reset();
          setAsking(true);
        }}
      >
        {t(label)}
      </Button>
      <ConfirmDialog
        title={t(`${ask}.title`, { name: session.name })}
        confirm={t(label)}
        cancel={t('cancel')}
        open={asking}
        onOpenChange={setAsking}
        busy={work.isPending}
        fault={work.error ? sayOf(work.error, t('failed')) : undefined}
        onConfirm={() =>
          work.mutate(session.id, {
            onSuccess: () => {
              setAsking(false);
              done?.();
            },
          })
        }
      >
        {t(`${ask}.text`)}
      </ConfirmDialog>
    </>
  );
}
