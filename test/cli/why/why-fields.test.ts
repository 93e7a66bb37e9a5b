import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { whyFields } from '../../../src/cli/why/why-fields.ts';
import { netOf } from '../../../src/domain/net.ts';
import { ban, unban } from '../../claims/said.ts';
import { asked } from './asked.ts';

const test = suite('the fields of why');

test('are values, with the words beside them', () => {
  const line = { ip: netOf('203.0.113.7'), server: 'web9', jail: '*@web1', bans: [], unbanned: 0 };
  const refused = [{ peer: 'fw2', line, by: 'claims', limit: 'beyond claims: 1' }] as const;
  const rule = { kind: 'rule', chain: 'fail2ban-sshd', rule: '-j DROP', packets: 7, bytes: 420 } as const;

  const fields = whyFields(
    asked('203.0.113.7', {
      said: [
        ban(0, 600),
        ban(0, 600, { ip: '203.0.113.0/28', server: 'mail' }),
        unban(5, { server: 'web2' }),
      ],
      policy: 'limits: { servers: { mail: { prefix4: 30 } } }\nallow: [{ net: 203.0.113.7, note: us }]\n',
      ...{ refused, rules: [rule], dropped: ['22/tcp'] },
    }),
  );

  const texts = (each: unknown): readonly Record<string, unknown>[] =>
    (each as readonly Record<string, unknown>[]).map(({ text, ...own }) => {
      assert.type(text, 'string');
      return own;
    });
  const { ip, verdict, wanted, traffic, inside } = fields;
  assert.equal(
    [ip, verdict, wanted, traffic, inside],
    ['203.0.113.7', 'dropped', 'passes', ['22/tcp'], null],
  );
  const claims = texts(fields['claims']);
  const reasons = claims.map(({ ignored }) => {
    const { text, ...own } = ignored as Record<string, unknown>;
    assert.type(text, 'string');
    return own;
  });
  assert.equal(reasons, [
    { code: 'allowed', net: '203.0.113.7', by: { code: 'policy', line: 2, note: 'us' } },
    { code: 'too-wide', widest: 30, server: 'mail' },
  ]);
  assert.equal(
    Object.keys(claims[0] ?? {})
      .sort()
      .join(' '),
    'counted dropped failures ignored ip jail ports protocol reason server since until',
  );
  assert.equal(texts(fields['policy']), [
    { kind: 'allow', net: '203.0.113.7', code: 'policy', line: 2, note: 'us' },
  ]);
  assert.equal(texts(fields['rules']), [rule]);
  assert.equal(texts(fields['refused']), [
    {
      ...{ ip: '203.0.113.7', server: 'fw2/web9', jail: null, of: 'web1', peer: 'fw2', code: 'claims' },
      ...{ kind: 'unban', until: null, at: '1970-01-01T00:00:00.000Z' },
    },
  ]);
  assert.equal(
    texts(fields['unbans']).map(({ server, jail, of }) => [server, jail, of]),
    [['web2', 'sshd', null]],
  );
});

test.run();
