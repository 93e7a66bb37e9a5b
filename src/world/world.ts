/** Everything outside of the program that a pass touches, handed in. */
import type { Config } from '../config/config.ts';
import type { StartBackground } from '../system/processes/background.ts';
import type { MayBeHeld } from '../system/files/file-holders.ts';
import type { Files } from '../system/files/files.ts';
import type { Tools } from '../system/firewall/iptables.ts';
import type { RetakeLock, TakeLock } from '../system/files/lock.ts';
import type { Log } from '../system/log.ts';
import type { RejectedFiles } from '../system/files/rejected-files.ts';
import type { OpenNftMonitor } from '../system/firewall/nft-monitor.ts';
import type { Run } from '../system/processes/run.ts';
import type { SavedRules } from '../system/firewall/saved-rules.ts';
import type { FindSessions } from '../system/sessions.ts';
import type { SpoolFiles } from '../system/files/spool-files.ts';

export interface World {
  readonly config: Config;
  readonly files: Files;
  readonly spoolFiles: SpoolFiles;
  readonly rejectedFiles: RejectedFiles;
  readonly run: Run;
  readonly startBackground: StartBackground;
  readonly openFirewall: () => Promise<Tools>;
  readonly openNftMonitor: OpenNftMonitor;
  readonly savedRules: SavedRules;
  readonly takeLock: TakeLock;
  readonly retakeLock: RetakeLock;
  readonly mayBeHeld: MayBeHeld;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds since the boot, by the clock that nobody sets. */
  readonly steady: () => number;
  readonly ownAddresses: () => readonly string[];
  readonly servicesText: () => string;
  /** From where people are logged in. */
  readonly findSessions: FindSessions;
  /** Gives back what a large piece of work no longer needs; holds everything up for a moment. */
  readonly collectGarbage: () => void;
  readonly log: Log;
  /** The folder that a new state begins as. */
  readonly template: string;
}
