import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { safeParse } from 'valibot';
import { netOf } from '../../../src/domain/net.ts';
import { claimSchema, jailSchema } from '../../../src/ledger/store/item-schemas.ts';
import { decodeClaims, decodeJails } from '../../../src/ledger/store/codec.ts';
import { IP, millis } from '../../claims/said.ts';

const items = suite('an item of a state file');

const BAN =
  '- { "ip": "203.0.113.7", "server": "web1", "jail": "sshd", "since": "2026-11-22T13:30:00.000Z", "until": null }\n';

const KEY = { ip: IP, server: 'web1', jail: 'sshd' };
const SINCE = '2026-11-22T13:30:00Z';

items('that is a claim was heard when its ban began, unless it says otherwise', () => {
  const ban = { ...KEY, since: SINCE, until: null };

  const plain = safeParse(claimSchema, ban).output;
  const heard = safeParse(claimSchema, { ...ban, heard: '2026-11-22T13:31:00Z', failures: 5 }).output;

  const [since, until] = [millis(0), Infinity];
  assert.equal(plain, { ...KEY, ip: netOf(IP), bans: [{ heard: since, since, until }] });
  assert.equal(heard, {
    ...{ ...KEY, ip: netOf(IP), bans: [{ heard: millis(60), since, until }] },
    details: { said: millis(60), failures: 5 },
  });
});

items('that is an unban is remembered for ever, unless it says until when', () => {
  const [ever, long] = [{}, { forget: '2026-11-22T13:31:00Z' }].map(
    (more) => safeParse(claimSchema, { ...KEY, unbanned: SINCE, ...more }).output,
  );

  const unban = { ...KEY, ip: netOf(IP), bans: [], unbanned: millis(0) };
  assert.equal(
    [ever, long],
    [
      { ...unban, forget: Infinity },
      { ...unban, forget: millis(60) },
    ],
  );
});

items('that is no claim is a mistake in words', () => {
  const mistakeOf = (more: object): string | undefined =>
    safeParse(claimSchema, { ...KEY, since: SINCE, until: null, ...more }).issues?.[0].message;

  assert.is(mistakeOf({}), undefined);
  assert.is(mistakeOf({ ip: 'example.com' }), '"example.com" is not an address or CIDR');
  assert.is(mistakeOf({ until: undefined }), 'expected since and until, or unbanned');
  assert.is(mistakeOf({ until: 'soon' }), 'expected a time, or null for never');
  assert.is(mistakeOf({ server: '../etc' }), 'expected the name of a server');
  assert.is(mistakeOf({ jail: '-j ACCEPT' }), 'expected the name of a jail');
  assert.is(mistakeOf({ jail: '*@web1' }), 'a jail with an @ remembers an unban, and cannot have since');
});

items('that is a jail may say nothing but its name', () => {
  const plain = safeParse(jailSchema, { jail: 'sshd' });
  const said = safeParse(jailSchema, { jail: 'sshd', said: SINCE, flushes: [[SINCE, SINCE]] });

  const scope = { said: millis(0), ports: 'all', protocols: 'tcp' };
  const flushes = [{ time: millis(0), arrived: millis(0) }];
  assert.equal(plain.output, { name: 'sshd', jail: { flushes: [], stops: [] } });
  assert.equal(said.output, { name: 'sshd', jail: { scope, flushes, stops: [] } });
});

items('whose ports or protocols are none is a mistake, in words', () => {
  const messages = {
    '"ports": "ssh"': '"ssh" is not a list of port numbers and ranges such as "22,8000:8010", or "all"',
    '"ports": "22,99999"':
      '"22,99999" is not a list of port numbers and ranges such as "22,8000:8010", or "all"',
    '"ports": 22': '22 is not a list of port numbers and ranges such as "22,8000:8010", or "all"',
    '"ports": "22", "protocol": "udplite"':
      '"udplite" is not a list of tcp, udp, sctp, dccp and icmp such as "tcp,udp", or "all"',
  };

  for (const [fields, message] of Object.entries(messages)) {
    const key = fields.includes('protocol') ? 'protocol' : 'ports';
    const claims = decodeClaims(`${BAN}${BAN.slice(0, -3)}, ${fields} }\n`);
    const jails = decodeJails(`- { "jail": "web" }\n- { "jail": "sshd", ${fields} }\n`);

    for (const { kind, ...rest } of [claims, jails]) {
      assert.is(kind, 'mistakes', fields);
      const [mistake] = 'mistakes' in rest ? rest.mistakes : [];
      assert.is(mistake?.line, 2);
      assert.is(mistake?.message, `1.${key}: ${message}`);
    }
  }
});

items.run();
