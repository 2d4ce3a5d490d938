'use client';
import type { BroadcastView } from '@wasel/backend/contract';
import { Orders } from '@/features/bulk/orders';
import { useCancel, usePause, useResume, useRetryFailed } from './broadcasts.api';

/** What can be done about a broadcast in the state that it is in. */
export function BroadcastOrders({ broadcast: { id, name, state, counts } }: { broadcast: BroadcastView }) {
  const orders = { pause: usePause(id), resume: useResume(id), cancel: useCancel(id), again: useRetryFailed(id) };
  const goesOn = state === 'running' || state === 'scheduled';
  const isPaused = state === 'paused';
  if (!goesOn && !isPaused && counts.failed === 0) return null;
  return (
    <div className="flex flex-wrap gap-2">
      <Orders
        words="broadcasts"
        name={name}
        goesOn={goesOn}
        isPaused={isPaused}
        failed={counts.failed}
        orders={orders}
      />
    </div>
  );
}
