/** What iptables or ipset said when it refused, as an error with a hint where one is known. */
import { BanspoolError } from '../error.ts';
import type { Ran } from './run.ts';
import { hintFor, lacksKernelPart } from './tool-words.ts';

/** The first lines say what; the last ones only point to the manual. */
export function commandFailed(what: string, ran: Ran): BanspoolError {
  const words = ran.stderr
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('Try '))
    .slice(0, 3)
    .join('; ');
  return new BanspoolError(
    lacksKernelPart(ran) ? 'not-supported' : 'command-failed',
    `${what} failed (exit ${ran.exitCode}): ${words === '' ? 'no output' : words}`,
    { hint: hintFor(ran) },
  );
}
