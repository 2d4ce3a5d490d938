'use client';
import { isToldByWasel } from '@wasel/backend/contract/words';
import { useTranslations } from 'next-intl';
import { DayNameField } from '@/features/contacts/day-name-field';
import { Field, SelectField } from '@/ui/field';
import { CUSTOM, type Draft, hasDate, needsDate, UNITS, type Unit } from './draft';
import { useAutomationWords } from './use-automation-words';

/** The event, what it has to say or which day it is about, and the delay. */
export function EventFields({ draft, set }: { draft: Draft; set: (change: Partial<Draft>) => void }) {
  const t = useTranslations('automations');
  const { events } = useAutomationWords();
  const choose = (event: string): void => {
    const usual = event === 'subscription_expiring' ? '3' : event === 'contact_day' ? '0' : '';
    set({
      event,
      daysBefore: hasDate(event) ? draft.daysBefore || usual : '',
      dayName: draft.dayName || 'birthday',
      ...(isToldByWasel(event) ? { channel: 'whatsapp' } : {}), // contacts have no mail address
    });
  };
  return (
    <>
      <SelectField
        label={t('event')}
        hint={t(`eventTexts.${draft.event}`)}
        options={events}
        value={draft.event}
        onChange={(event) => choose(event.target.value)}
      />
      {draft.event === CUSTOM ? (
        <Field
          label={t('customEvent')}
          hint={t('customEventHint')}
          dir="ltr"
          required
          maxLength={60}
          pattern="[a-z][a-z0-9_.]*"
          value={draft.customEvent}
          onChange={(event) => set({ customEvent: event.target.value })}
        />
      ) : null}
      {draft.event === 'message_received' ? (
        <div className="grid grid-cols-1 items-start gap-4 sm:grid-cols-2">
          <Field
            label={t('keywords')}
            hint={t('keywordsHint')}
            dir="auto"
            value={draft.keywords}
            onChange={(event) => set({ keywords: event.target.value })}
          />
          <SelectField
            label={t('match')}
            options={[
              ['whole', t('matches.whole')],
              ['contains', t('matches.contains')],
            ]}
            value={draft.keywordMatch}
            onChange={(event) => set({ keywordMatch: event.target.value })}
          />
        </div>
      ) : null}
      {draft.event === 'contact_day' ? (
        <DayNameField
          label={t('dayName')}
          hint={t('dayNameHint')}
          value={draft.dayName}
          change={(dayName) => set({ dayName })}
        />
      ) : null}
      {hasDate(draft.event) ? <Dates draft={draft} set={set} /> : null}
      <Delay draft={draft} set={set} />
    </>
  );
}

function Dates({ draft, set }: { draft: Draft; set: (change: Partial<Draft>) => void }) {
  const t = useTranslations('automations');
  const { hours } = useAutomationWords();
  return (
    <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
      <Field
        label={t('daysBefore')}
        hint={t(needsDate(draft.event) ? 'onTheDayHint' : 'daysBeforeHint')}
        type="number"
        min={0}
        max={365}
        required={needsDate(draft.event)}
        value={draft.daysBefore}
        onChange={(event) => set({ daysBefore: event.target.value })}
      />
      {draft.daysBefore === '' ? null : (
        <SelectField
          label={t('localHour')}
          hint={t('localHourHint')}
          options={hours}
          value={draft.localHour}
          onChange={(event) => set({ localHour: event.target.value })}
        />
      )}
    </div>
  );
}

function Delay({ draft, set }: { draft: Draft; set: (change: Partial<Draft>) => void }) {
  const t = useTranslations('automations');
  return (
    <div className="grid grid-cols-2 gap-4">
      <Field
        label={t('delay')}
        type="number"
        min={0}
        max={Math.floor(UNITS.days * 365) / UNITS[draft.unit]}
        value={draft.delay}
        onChange={(event) => set({ delay: event.target.value })}
      />
      <SelectField
        label={t('unit')}
        options={(Object.keys(UNITS) as Unit[]).map((unit) => [unit, t(`units.${unit}`)] as const)}
        value={draft.unit}
        onChange={(event) => set({ unit: event.target.value as Unit })}
      />
    </div>
  );
}
