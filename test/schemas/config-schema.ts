/** The JSON schema of config.yaml. */
import { CHANNEL_KEYS, CONFIG_KEYS, FLEET_KEYS, NOTIFY_KEYS } from '../../src/config/config-keys.ts';
import { configSchema } from '../../src/config/config.ts';
import { schemaOf, type Place } from './schema-of.ts';
import * as values from './values.ts';

const OF_ALL = ['by', 'events', 'group', 'limit'];

/** What each way needs, and has beside it. */
const WAYS = [
  values.where('by', 'smtp', { needs: ['to'], has: [...OF_ALL, 'to', 'from', 'server', 'password', 'ca'] }),
  values.where('by', 'sendmail', { needs: ['to'], has: [...OF_ALL, 'to', 'from'] }),
  ...['webhook', 'ntfy'].map((way) =>
    values.where('by', way, { needs: ['url'], has: [...OF_ALL, 'url', 'token', 'ca'] }),
  ),
  ...['slack', 'matrix'].map((way) =>
    values.where('by', way, { needs: ['url'], has: [...OF_ALL, 'url', 'ca'] }),
  ),
  values.where('by', 'command', { needs: ['command'], has: [...OF_ALL, 'command'] }),
];

const { PATH, LENGTH, LENGTH_OR_NEVER } = values;

const PLACES: readonly Place[] = [
  {
    path: [],
    keys: CONFIG_KEYS,
    values: {
      ...{ spool: { type: 'string', pattern: '^/[A-Za-z0-9/._@+-]*$' }, state: PATH, rejected: PATH },
      ...{ runtime: PATH, metrics: PATH, lists: PATH, exports: PATH, interval: LENGTH },
    },
  },
  {
    path: ['fleet'],
    keys: FLEET_KEYS,
    values: {
      ...{ folder: PATH, key: PATH, identity: PATH, password: PATH, ca: PATH, certificate: PATH },
      ...{ every: LENGTH, name: { type: 'string', pattern: '^[a-z0-9][a-z0-9.-]{0,62}$' } },
    },
    together: {
      allOf: ['git', 'valkey'].map((engine) => values.where('engine', engine, { needs: ['remote'] })),
    },
  },
  {
    path: ['notify'],
    keys: NOTIFY_KEYS,
    values: { after: LENGTH, silent: LENGTH_OR_NEVER, folder: PATH },
  },
  {
    path: ['notify', 'channels', '*'],
    keys: CHANNEL_KEYS,
    values: { group: LENGTH, password: PATH, token: PATH, ca: PATH },
    together: { allOf: WAYS },
  },
];

export const CONFIG_SCHEMA = schemaOf(configSchema, {
  title: 'The config of banspool (config.yaml)',
  places: PLACES,
  names: [{ path: ['notify', 'channels'], pattern: '^[a-z0-9][a-z0-9-]{0,31}$' }],
});
