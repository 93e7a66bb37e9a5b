/** `fleet` of the config: how bans are shared with other firewalls. */
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { isFirewallName } from '../domain/firewall-name.ts';
import { expected } from '../yaml/expected.ts';
import type { FleetConfig } from './config.ts';
import { CONFIG_KEYS, FLEET_KEYS } from './config-keys.ts';
import { lengthWithin, oneOf, path } from './fields.ts';

const FLEET = Object.keys(FLEET_KEYS).join(', ');
const FIREWALL_NAME =
  'the name of this firewall: 1-63 characters of a-z 0-9 . -, beginning with a letter or digit, but not default, local or adopted, and without .. and .lock';

const REMOTE =
  'a git repository, such as ssh://banspool-hub@hub/srv/fleet.git, or a Valkey server, such as rediss://fw1@hub:6379, without a password';

/** No word that git or ssh could take for an option, and no protocol that runs another program. */
const REMOTE_URL =
  /^(?:ssh:\/\/[A-Za-z0-9_][\w.@:[\]-]*\/[\w./~-]+|[A-Za-z0-9_][\w.-]*@[\w.-]+:[\w./~-]+|\/[\w./-]+)$/;

/** A password would be read by everyone who reads the config. */
const VALKEY_URL = /^rediss?:\/\/(?:[\w.-]+@)?(?:[A-Za-z0-9_][\w.-]*|\[[\dA-Fa-f:.]+\])(?::\d{1,5})?$/;

const MIN_EVERY_MS = 1_000;
const MAX_EVERY_MS = 3600 * 1000;

function isRemote(text: string): boolean {
  return REMOTE_URL.test(text) || VALKEY_URL.test(text);
}

export const fleetSchema = v.pipe(
  v.strictObject(
    {
      name: v.pipe(v.string(expected(FIREWALL_NAME)), v.check(isFirewallName, expected(FIREWALL_NAME))),
      engine: v.optional(oneOf('folder', 'git', 'valkey'), FLEET_KEYS.engine.default),
      folder: v.optional(path),
      key: v.optional(path),
      remote: v.optional(v.pipe(v.string(expected(REMOTE)), v.check(isRemote, expected(REMOTE)))),
      every: v.optional(
        lengthWithin(MIN_EVERY_MS, MAX_EVERY_MS, 'a time from 1s to 1h'),
        FLEET_KEYS.every.default,
      ),
      identity: v.optional(path),
      password: v.optional(path),
      ca: v.optional(path),
      certificate: v.optional(path),
    } satisfies Record<keyof typeof FLEET_KEYS, v.GenericSchema>,
    (issue) =>
      issue.expected === 'never' ? `unknown key; the keys are ${FLEET}` : `expected a mapping of ${FLEET}`,
  ),
  v.check(
    ({ engine, remote = '' }) => engine !== 'git' || REMOTE_URL.test(remote),
    'engine git needs a remote such as ssh://banspool-hub@hub/srv/fleet.git',
  ),
  v.check(
    ({ engine, remote = '' }) => engine !== 'valkey' || VALKEY_URL.test(remote),
    'engine valkey needs a remote such as rediss://fw1@hub:6379',
  ),
);

/** Its folder is beside the state, but for the packages, where the mover may not enter the folder above the state. */
export function fleetOf(read: v.InferOutput<typeof fleetSchema>, state: string): FleetConfig {
  const beside = dirname(state);
  const isPackaged = state === CONFIG_KEYS.state.default;
  const folder = read.folder ?? (isPackaged ? '/var/lib/banspool-fleet' : join(beside, 'fleet'));
  return {
    ...{ name: read.name, engine: read.engine, folder, remote: read.remote, every: read.every },
    key: read.key ?? join(beside, 'fleet_key'),
    identity: read.identity ?? join(folder, 'mover/ssh_key'),
    password: read.password ?? join(folder, 'mover/password'),
    ...{ ca: read.ca, certificate: read.certificate },
  };
}
