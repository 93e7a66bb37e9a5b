/** The gate as it is, for the programs; tests hand in their own. */
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { makeAccounts } from '../system/accounts.ts';
import { HOME } from '../system/home.ts';
import { isRoot } from '../system/host.ts';
import { takeLock } from '../system/files/lock.ts';
import { owned } from '../system/files/owned.ts';
import { run as runProgram } from '../system/processes/run.ts';
import type { Gate } from './gate.ts';

/** The gate as it is. */
export function realGate(config: Config): Gate {
  return {
    ...{ config, run: runProgram, accounts: makeAccounts(runProgram), owned, takeLock, isRoot },
    receive: RECEIVE,
  };
}

/** The forced command of servers' keys. */
const RECEIVE = join(HOME, 'action.d/banspool-receive');
