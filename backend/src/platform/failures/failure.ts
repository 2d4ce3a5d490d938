/**
 * A failure as it leaves the house: where in the code it happened, and nothing of what it happened to. The text of an error may
 * hold anything (a row's values, an address, what somebody wrote), so it is not in it; the log has it, under the same time.
 */
export type Failure = Readonly<{
  level: 'error' | 'fatal';
  /** The constant message of the log line. */
  message: string;
  /** The part of the program that wrote the line. */
  context: string | undefined;
  /** The error's class; undefined when the line has no error. */
  type: string | undefined;
  /** A code of Postgres or of the system, such as `57P01` or `ECONNRESET`. */
  code: string | undefined;
  /** Where the error was made, the nearest first. */
  frames: readonly Frame[];
}>;

export type Frame = Readonly<{ function: string; file: string; line: number }>;

const FRAMES_MAX = 20;
const MESSAGE_MAX = 100;

/** Of a log line as pino gets it: fields, message. */
export function failureOf(level: Failure['level'], fields: unknown, message: unknown): Failure {
  const { context, ...others } = (typeof fields === 'object' && fields !== null ? fields : {}) as Record<
    string,
    unknown
  >;
  const { err } = others;
  const error = err instanceof Error ? err : undefined;
  const code = error && 'code' in error ? error.code : undefined;
  return {
    level,
    // A line without fields may be a library's, whose words are not constant.
    message: Object.keys(others).length > 0 && typeof message === 'string' ? constantPartOf(message) : 'failure',
    context: typeof context === 'string' && /^\w{1,50}$/.test(context) ? context : undefined,
    type: error && wordOf(error.constructor.name),
    code: typeof code === 'string' && /^[A-Z0-9_]{1,30}$/.test(code) ? code : undefined,
    frames: framesOf(error?.stack ?? ''),
  };
}

/** Our own messages are constant. One of a library may go on with a value: that begins behind a colon, a quote or a digit. */
const constantPartOf = (message: string): string =>
  (/^[\p{L} ,()[\]-]*/u.exec(message)?.[0] ?? '').trim().slice(0, MESSAGE_MAX) || 'failure';

const wordOf = (text: string): string => (/^\w{1,50}$/.test(text) ? text : 'Error');

function framesOf(stack: string): Frame[] {
  const frames = stack.matchAll(
    /^ +at (?:async )?(?:([\w.$<>]+) (?:\[as \w+\] )?\()?(?:file:\/\/)?(\/[^\s()]+|node:[\w/]+):(\d+):\d+\)?$/gm,
  );
  return [...frames].slice(0, FRAMES_MAX).map(([, name = '', file = '', line = '0']) => ({
    function: name,
    file: relative(file),
    line: Number(line),
  }));
}

/** Without the directory of the installation. */
function relative(file: string): string {
  const root = `${process.cwd()}/`;
  return file.startsWith(root) ? file.slice(root.length) : file.replace(/^.*\/node_modules\//, 'node_modules/');
}
