/** The world as it is, for the programs; tests hand in their own parts of it. */
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { mayBeHeld } from '../system/files/file-holders.ts';
import { startBackground } from '../system/processes/background.ts';
import { files } from '../system/files/files.ts';
import { collectGarbage } from '../system/garbage.ts';
import { HOME } from '../system/home.ts';
import { ownAddresses, servicesText, steady } from '../system/host.ts';
import { openFirewall } from '../system/firewall/iptables.ts';
import { retakeLock, takeLock } from '../system/files/lock.ts';
import type { Log } from '../system/log.ts';
import { openNftMonitor } from '../system/firewall/nft-monitor.ts';
import { rejectedFiles } from '../system/files/rejected-files.ts';
import { run as runProgram, type Run } from '../system/processes/run.ts';
import { openSavedRules } from '../system/firewall/saved-rules.ts';
import type { StandingTools } from '../system/firewall/standing-tools.ts';
import { makeFindSessions } from '../system/sessions.ts';
import { spoolFiles } from '../system/files/spool-files.ts';
import type { World } from './world.ts';

/** What other programs are spoken to by: a process each unless something else is handed in. */
export interface Programs {
  readonly run?: Run;
  readonly standing?: StandingTools;
}

/** Everything real. */
export function realWorld(config: Config, log: Log, { run = runProgram, standing }: Programs = {}): World {
  return {
    config,
    files,
    spoolFiles,
    rejectedFiles,
    run,
    startBackground,
    openFirewall: () => openFirewall(run, config.iptables, standing),
    openNftMonitor,
    savedRules: openSavedRules(run),
    takeLock,
    retakeLock,
    mayBeHeld,
    now: Date.now,
    steady,
    ownAddresses,
    servicesText,
    findSessions: makeFindSessions(run, process.env),
    collectGarbage,
    log,
    template: TEMPLATE,
  };
}

/** What a new state begins with. */
const TEMPLATE = join(HOME, 'state');
