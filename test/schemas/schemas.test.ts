/** Editors complete and check the files that people write by these schemas, as the program reads them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { readConfig } from '../../src/config/config.ts';
import { readPolicy } from '../../src/policy/policy.ts';
import { blocksOfKind } from '../docs/pages.ts';
import type { JsonSchema } from '@valibot/to-json-schema';
import { SCHEMAS, schemaText } from './schemas.ts';

const test = suite('the schemas for editors');

const ROOT = join(import.meta.dirname, '../../..');
const ajv = new Ajv({ allErrors: true, strict: false });
/** As editors read it. */
function compiled(schema: JsonSchema) {
  return ajv.compile(JSON.parse(schemaText(schema)) as object);
}

const KINDS = {
  policy: { accepts: compiled(SCHEMAS['policy.json']), read: readPolicy },
  config: { accepts: compiled(SCHEMAS['config.json']), read: readConfig },
};
type Kind = keyof typeof KINDS;

const fileText = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** What both say of a text: the schema, and the program. */
function judged(kind: Kind, text: string): { readonly schema: boolean; readonly program: boolean } {
  const { accepts, read } = KINDS[kind];
  return { schema: accepts(parse(text) ?? {}), program: read(text).kind !== 'mistakes' };
}

test('are kept as the program has them now: npm run manual writes them', () => {
  for (const [name, schema] of Object.entries(SCHEMAS))
    assert.is(fileText(`schemas/${name}`), schemaText(schema), name);
});

test('tell of every key what it means', () => {
  const bare = (schema: unknown, where = ''): readonly string[] => {
    if (typeof schema !== 'object' || schema === null) return [];
    const { properties = {} } = schema as { properties?: Readonly<Record<string, { description?: string }>> };
    return [
      ...Object.entries(properties).flatMap(([key, { description }]) =>
        description === undefined && !where.includes('then') && !where.includes('if')
          ? [`${where}.${key}`]
          : [],
      ),
      ...Object.entries(schema).flatMap(([key, value]) => bare(value, `${where}/${key}`)),
    ];
  };

  for (const schema of Object.values(SCHEMAS)) assert.equal(bare(schema), []);
});

test('accept what stands on the pages and in the files that are installed', () => {
  const config = fileText('.ci/stage/config.yaml').replace(/^#(?=[A-Za-z ])(?! )/gm, '');
  const texts: readonly (readonly [Kind, string])[] = [
    ['policy', fileText('state/policy.yaml')],
    ['policy', fileText('state/policy.yaml').replace(/^#(?= {2})/gm, '')],
    ['config', fileText('.ci/stage/config.yaml')],
    ['config', config],
    ...(['policy', 'config'] as const).flatMap((kind) =>
      blocksOfKind(kind).map(({ lines }) => [kind, lines.join('\n')] as const),
    ),
  ];

  for (const [kind, text] of texts) {
    const { schema, program } = judged(kind, text);
    const { errors } = KINDS[kind].accepts;
    if (program) assert.ok(schema, `${text}\n${JSON.stringify(errors, undefined, 1)}`);
  }
  assert.ok(texts.length > 8);
});

const PEER = `key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB"`;

test('accept each form of a value that the program reads', () => {
  const lengths = ['600', '90', '2h', '1d12h', '3mo', '"1 hour"', '1.5d', '"2 weeks"', 'never'];
  const policies = [
    ...['{}', 'allow:', 'allow: []', 'deny: ~', 'peers:', 'limits: {}', 'lists:', 'escalate: []', 'exports:'],
    ...['192.0.2.9', '192.0.2.9/24', '"::1"', '"::ffff:192.0.2.1"', '2001:DB8::/32'].map(
      (net) => `allow: [{ net: ${net} }]`,
    ),
    ...['2027-01-31', '2027-01-31T13:30Z', '"2027-01-31 13:30:00.5+01:00"'].map(
      (until) => `deny: [{ net: ::1, until: ${until} }]`,
    ),
    ...lengths.map(
      (length) => `limits: { default: { bantime: ${length} }, servers: { web1: { claims: 5 } } }`,
    ),
    `peers: { default: { lifts: 0 }, fw2: { ${PEER}, jails: [sshd] } }`,
    'escalate: [{ name: a, servers: 2, within: 1h, ban: never, ports: 22 }]',
    'escalate: [{ name: a, addresses: 4, net4: 24, within: 1d, ban: 1d, ports: "22, 8000-8010", protocol: "tcp, udp" }]',
    'lists: [{ name: a, file: b.txt, stale: never }, { name: b, url: "HTTPS://example.org/x", every: 1h }]',
    'lists: [{ name: b, url: "http://example.org/x", insecure: true }]',
    'exports: [{ file: bans.txt, format: plain, jails: [sshd], aggregate: true, families: [ipv6] }]',
  ];

  for (const text of policies) {
    assert.equal(judged('policy', text), { schema: true, program: true }, text);
  }
});

test('refuse the mistakes that people make', () => {
  const wrong: readonly (readonly [Kind, string])[] = [
    ...[
      ...[
        'alow: []',
        'allow: {}',
        'allow: [192.0.2.9]',
        'allow: [{ note: x }]',
        'allow: [{ net: host.example }]',
      ],
      ...['allow: [{ net: ::1, until: soon }]', 'allow: [{ net: ::1, until: 31.1.2027 }]'],
      ...['allow: [{ net: ::1, note: 5 }]', 'allow: [{ nett: ::1 }]', 'limits: { default: { claims: -1 } }'],
      ...['limits: { default: { prefix4: 33 } }', 'limits: { default: { bantime: soon } }'],
      ...['limits: { default: { bantime: 3M } }', 'limits: { servers: { Web1: {} } }'],
      ...[
        'limits: { default: { jails: sshd } }',
        'peers: { fw2: {} }',
        'peers: { fw2: { key: ssh-rsa AAAA } }',
      ],
      ...['peers: [fw2]', 'publish: { lifts: 1 }', 'escalate: [{ name: a, within: 1h, ban: 1d }]'],
      'escalate: [{ name: a, servers: 2, bans: 3, within: 1h, ban: 1d }]',
      'escalate: [{ name: a, servers: 2, net4: 24, within: 1h, ban: 1d }]',
      ...['lists: [{ name: a }]', 'lists: [{ name: a, file: b, url: "https://example.org" }]'],
      ...['lists: [{ name: a, file: ../b }]', 'lists: [{ name: a, url: "http://example.org/x" }]'],
      ...['exports: [{ file: /etc/passwd, format: plain }]', 'exports: [{ file: a, format: xml }]'],
    ].map((text) => ['policy', text] as const),
    ...[
      ...['spol: /x', 'spool: x', 'interval: soon', 'backend: sets', 'hooks: []', 'families: [ipv5]'],
      ...['chainPrefix: x', 'verdict: ACCEPT', 'fleet: {}', 'fleet: { name: fw1, engine: git }'],
      ...[
        'notify: {}',
        'notify: { channels: { a: { by: smtp } } }',
        'notify: { digest: soon, channels: {} }',
      ],
      'notify: { channels: { a: { by: sendmail, to: a@example.org, url: "https://example.org" } } }',
    ].map((text) => ['config', text] as const),
  ];

  for (const [kind, text] of wrong) {
    assert.equal(judged(kind, text), { schema: false, program: false }, text);
  }
});

test.run();
