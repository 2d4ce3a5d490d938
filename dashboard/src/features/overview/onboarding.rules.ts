/** What was really done, each read from the API. */
export type Milestones = Readonly<{ numberLinked: boolean; messageSent: boolean; answerReceived: boolean }>;

export type StepName = 'organization' | 'number' | 'message' | 'answer';
/** `current` is the one to do next. */
export type Step = Readonly<{ name: StepName; status: 'done' | 'current' | 'later' }>;

/** The way to the first conversation. Whoever sees it has an organization already: without one there is no page. */
export function stepsFrom({ numberLinked, messageSent, answerReceived }: Milestones): Step[] {
  const done: readonly (readonly [StepName, boolean])[] = [
    ['organization', true],
    ['number', numberLinked],
    ['message', messageSent],
    ['answer', answerReceived],
  ];
  const next = done.find(([, isDone]) => !isDone)?.[0];
  return done.map(([name, isDone]) => ({ name, status: isDone ? 'done' : name === next ? 'current' : 'later' }));
}

export const isComplete = (steps: readonly Step[]): boolean => steps.every(({ status }) => status === 'done');
