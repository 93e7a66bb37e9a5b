/** The one switch from a cause to an exit code (SPEC.md, section 8). */
import type { ErrorCode } from '../system/error.ts';

export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  changes: 3,
  damaged: 4,
  notConverged: 5,
  locked: 11,
  interrupted: 130,
} as const;

/** The exit code of an error. */
export function exitCodeOf(code: ErrorCode): number {
  switch (code) {
    case 'usage':
    case 'config':
      return EXIT.usage;
    case 'damaged-state':
      return EXIT.damaged;
    case 'locked':
    case 'lock-lost':
      return EXIT.locked;
    case 'not-converged':
      return EXIT.notConverged;
    case 'interrupted':
      return EXIT.interrupted;
    case 'command-failed':
    case 'command-timeout':
    case 'command-missing':
    case 'too-much-output':
    case 'unacknowledged':
    case 'not-supported':
    case 'native-rules':
    case 'io':
    case 'refused':
      return EXIT.failed;
  }
}
