/** The JSON schema of policy.yaml. */
import { SERVER_NAME } from '../../src/domain/names.ts';
import {
  ESCALATE_KEYS,
  EXPORT_KEYS,
  FILE_KEYS,
  LIMIT_KEYS,
  LIMITS_KEYS,
  LIST_KEYS,
  NET_KEYS,
  PEER_KEYS,
  PEER_LIMIT_KEYS,
  PUBLISH_KEYS,
} from '../../src/policy/policy-keys.ts';
import { policySchema } from '../../src/policy/policy.ts';
import { schemaOf, type Place } from './schema-of.ts';
import * as values from './values.ts';

const NETS = { net: values.NET, until: values.UNTIL };
const LIMITS = { bantime: values.LENGTH_OR_NEVER };
const NAMED = SERVER_NAME.source;

const PLACES: readonly Place[] = [
  { path: [], keys: FILE_KEYS },
  { path: ['allow', '[]'], keys: NET_KEYS, values: NETS },
  { path: ['deny', '[]'], keys: NET_KEYS, values: NETS },
  { path: ['limits'], keys: LIMITS_KEYS },
  { path: ['limits', 'default'], keys: LIMIT_KEYS, values: LIMITS },
  { path: ['limits', 'servers', '*'], keys: LIMIT_KEYS, values: LIMITS },
  { path: ['peers'], keys: { default: { meaning: 'limits of all peers' } } },
  { path: ['peers', 'default'], keys: PEER_LIMIT_KEYS, values: LIMITS },
  { path: ['peers', '*'], keys: PEER_KEYS, values: { ...LIMITS, key: values.PUBLIC_KEY } },
  { path: ['publish'], keys: PUBLISH_KEYS },
  {
    path: ['escalate', '[]'],
    keys: ESCALATE_KEYS,
    values: {
      ...{ within: values.LENGTH, ban: values.LENGTH_OR_NEVER },
      ...{ ports: values.PORTS, protocol: values.PROTOCOLS },
    },
    together: {
      ...values.oneOfKeys('servers', 'bans', 'addresses'),
      dependencies: { net4: ['addresses'], net6: ['addresses'] },
    },
  },
  {
    path: ['lists', '[]'],
    keys: LIST_KEYS,
    values: {
      ...{ url: { type: 'string', pattern: '^[Hh][Tt][Tt][Pp][Ss]?://' }, ca: values.PATH },
      ...{ every: values.LENGTH, stale: values.LENGTH_OR_NEVER },
    },
    together: {
      ...values.oneOfKeys('file', 'url'),
      if: { required: ['url'], properties: { url: { pattern: '^[Hh][Tt][Tt][Pp]:' } } },
      then: { required: ['insecure'], properties: { insecure: { const: true } } },
    },
  },
  { path: ['exports', '[]'], keys: EXPORT_KEYS },
];

export const POLICY_SCHEMA = schemaOf(policySchema, {
  title: 'The policy of banspool (policy.yaml)',
  places: PLACES,
  names: [
    { path: ['limits', 'servers'], pattern: NAMED },
    { path: ['peers'], pattern: NAMED },
  ],
});
