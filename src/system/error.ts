/** A broken world, as against an expected failure, which is a value. One switch turns a code into an exit code. */

export type ErrorCode =
  | 'usage'
  | 'config'
  | 'damaged-state'
  | 'locked'
  | 'lock-lost'
  | 'command-failed'
  | 'command-timeout'
  | 'command-missing'
  | 'too-much-output'
  | 'unacknowledged'
  | 'not-supported'
  | 'native-rules'
  | 'io'
  | 'not-converged'
  | 'refused'
  | 'interrupted';

export class BanspoolError extends Error {
  readonly code: ErrorCode;
  /** What the reader can do about it. */
  readonly hint: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'BanspoolError';
    this.code = code;
    this.hint = options.hint;
  }
}

/** The message of whatever was thrown, in one line. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? '';
}

/** The same with what the reader can do about it, for where there is no line of its own for that. */
export function messageWithMend(error: unknown): string {
  const hint = error instanceof BanspoolError ? error.hint : undefined;
  return hint === undefined ? messageOf(error) : `${messageOf(error)}; fix: ${hint}`;
}

/** The code of a failed system call, such as ENOSPC. */
export function errnoOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
