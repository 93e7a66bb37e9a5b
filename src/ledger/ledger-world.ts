/** What the ledger touches of everything outside of the program, handed in. */
import type { Config } from '../config/config.ts';
import type { MayBeHeld } from '../system/files/file-holders.ts';
import type { Files } from '../system/files/files.ts';
import type { RetakeLock, TakeLock } from '../system/files/lock.ts';
import type { Run } from '../system/processes/run.ts';

export interface LedgerWorld {
  readonly config: Pick<Config, 'state' | 'runtime' | 'families'>;
  readonly files: Files;
  readonly run: Run;
  readonly takeLock: TakeLock;
  readonly retakeLock: RetakeLock;
  readonly mayBeHeld: MayBeHeld;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The folder that a new state begins as. */
  readonly template: string;
}
