/** The fast reader of a listing, in whatever pieces that comes, held against the plain one over all of it. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ListingReader } from '../../../../src/firewall/iptables/observed/listing-reader.ts';
import type { ListedMembers } from '../../../../src/firewall/iptables/observed/listed-members.ts';
import { MemberLines } from '../../../../src/firewall/iptables/rules/member-lines.ts';
import { textOf4 } from '../../../../src/lists/text-of.ts';
import { netIn } from '../../../support/arbitraries.ts';
import { clearFirewall, ipset, listSet } from '../../../support/firewall.ts';

const test = suite('reading a listing');

const HEAD = 'Name: fail2ban-x\nType: hash:net\nNumber of entries: 3\nMembers:\n';

/** In pieces of these sizes, in turns. */
function read(text: string, sizes: readonly number[] = [text.length]): ListedMembers {
  const reader = new ListingReader();
  const bytes = Buffer.from(text);
  for (let [at, turn] = [0, 0]; at < bytes.length; turn += 1) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    reader.add(bytes.subarray(at, at + size));
    at += size;
  }
  return reader.members();
}

/** What each line says, in an order of their own. */
function said({ hosts, others }: ListedMembers): readonly string[] {
  const lines = Array.from(hosts.addresses, (bits, row) =>
    JSON.stringify([
      ...[textOf4(bits >>> 0), true, hosts.left[row]],
      ...[hosts.counts?.packets[row] ?? 0, hosts.counts?.bytes[row] ?? 0],
    ]),
  );
  for (const line = new MemberLines(others); line.next();) lines.push(saidBy(line));
  return lines.sort();
}

function saidBy({ text, isPlain, left, packets, bytes }: MemberLines): string {
  return JSON.stringify([text, isPlain, left, packets, bytes]);
}

function saidPlainly(lines: string): readonly string[] {
  const all: string[] = [];
  for (const line = new MemberLines(lines); line.next();) all.push(saidBy(line));
  return all.sort();
}

const number = fc.oneof(fc.nat(), fc.constantFrom('0', '007', '4294967295', '4294967296', '1'.repeat(40)));
const address = fc.oneof(
  netIn('ipv4').map(({ text }) => text),
  netIn('ipv6').map(({ text }) => text),
  fc.constantFrom('1.2.3', '01.2.3.4', '1.2.3.256', '0.0.0.0', '1.2.3.4.5', '1..2.3', '255.255.255.255', ''),
);
const line = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(address, number).map(([ip, left]) => `${ip} timeout ${left}`) },
  {
    weight: 8,
    arbitrary: fc
      .tuple(address, number, number, number)
      .map(([ip, left, packets, bytes]) => `${ip} timeout ${left} packets ${packets} bytes ${bytes}`),
  },
  fc
    .tuple(address, number, fc.constantFrom(' nomatch', ' comment "ö timeout 9"', ' packets 5', '  ', ' x'))
    .map(([ip, left, tail]) => `${ip} timeout ${left}${tail}`),
  address,
  fc.stringMatching(/^[\x20-\x7e]{0,30}$/),
);

test('finds what the plain way finds, wherever the text is cut', () => {
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 30 }),
      fc.constantFrom('', '\n'),
      fc.array(fc.nat({ max: 90 }), { minLength: 1 }),
      (all, end, sizes) => {
        const lines = all.join('\n') + end;

        assert.equal(said(read(HEAD + lines, sizes)), saidPlainly(lines));
      },
    ),
  );
});

test('keeps the lines of hosts with a time as numbers, and all others as they are, in order', () => {
  const { hosts, others } = read(
    `${HEAD}1.2.3.4 timeout 9\n10.0.0.0/8 timeout 9\n::1 timeout 9\n223.0.0.1 timeout 0 packets 2 bytes 80\n1.2.3.5\n`,
  );

  assert.equal([...hosts.addresses], [0x01020304, 0xdf000001 | 0]);
  assert.equal([...hosts.left], [9, 0]);
  assert.equal(
    [[...(hosts.counts?.packets ?? [])], [...(hosts.counts?.bytes ?? [])]],
    [
      [0, 2],
      [0, 80],
    ],
  );
  assert.is(others, '10.0.0.0/8 timeout 9\n::1 timeout 9\n1.2.3.5\n');
});

test('finds nothing where there is no list of members, and no text makes it throw', () => {
  assert.equal(said(read('Name: fail2ban-x\n1.2.3.4 timeout 9\n')), []);
  fc.assert(fc.property(fc.string(), (text) => void read(text)));
  fc.assert(fc.property(fc.string(), (text) => void read(`${HEAD}${text}`)));
});

test('finds each member that ipset lists', async () => {
  await clearFirewall();
  await ipset(
    'create fail2ban-x hash:net timeout 0 counters',
    ...['203.0.113.0/24 timeout 0', '192.0.2.1 timeout 700', '192.0.2.2 timeout 0 packets 5 bytes 300'].map(
      (member) => `add fail2ban-x ${member}`,
    ),
  );

  const { hosts, others } = read(await listSet('fail2ban-x'));

  await clearFirewall();
  assert.equal(
    [...hosts.addresses].sort((a, b) => a - b),
    [0xc0000201 | 0, 0xc0000202 | 0],
  );
  assert.is(others, '203.0.113.0/24 timeout 0 packets 0 bytes 0\n');
});

test.run();
