import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { membersIn } from '../../../src/firewall/iptables/observed/listing-reader.ts';
import { readFirewall, readRaw, readTable } from '../../../src/firewall/iptables/read-firewall.ts';
import { BanspoolError } from '../../../src/system/error.ts';
import type { Tools } from '../../../src/system/firewall/iptables.ts';
import { FakeFirewall } from '../../support/fake-firewall.ts';

const reading = suite('reading a firewall');

const PLACE = { family: 'ipv4', prefix: 'fail2ban-', now: () => 7 } as const;

/** With parts that are replaced. */
function toolsWith(firewall: FakeFirewall, parts: Partial<Tools>): Tools {
  const { variant, list, listRaw, restore, listOther, listUnnamed, isOwn } = firewall;
  return {
    ...{ variant, list, listRaw, restore, listOther, listUnnamed, isOwn },
    sets: firewall.sets,
    ...parts,
  };
}

const native = (): Promise<string> => Promise.reject(new BanspoolError('native-rules', 'holds native rules'));

async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(() => 'none', String);
}

reading('gives chains and sets of ours, and lists no set of another kind', async () => {
  const firewall = new FakeFirewall();
  await firewall.sets.restore(
    ['fail2ban-x hash:net family inet timeout 0', 'fail2ban-y hash:ip family inet']
      .map((each) => `create ${each} maxelem 9\n`)
      .join(''),
  );
  firewall.edit('ipv4', '-N fail2ban-x');

  const { observed, isPiecemeal } = await readFirewall(firewall, PLACE);

  assert.ok(observed.chains.has('fail2ban-x'));
  assert.not(isPiecemeal);
  assert.equal(
    Array.from(observed.sets.values(), ({ name, content }) => [name, content]),
    [
      ['fail2ban-x', { kind: 'listed', members: membersIn(''), at: 7 }],
      ['fail2ban-y', { kind: 'unknown' }],
    ],
  );
});

reading('trusts no listing without a policy for INPUT', async () => {
  const tools = toolsWith(new FakeFirewall(), { list: () => Promise.resolve('-N fail2ban-x\n') });

  assert.match(await refusalOf(readTable(tools, PLACE)), 'cannot be trusted');
});

reading(
  'goes by nft and chain by chain where iptables cannot list native rules, and else fails as it does',
  async () => {
    const table = [
      'table ip filter { # handle 1',
      '\tchain INPUT { # handle 1',
      '\t\ttype filter hook input priority filter; policy accept;',
      '\t\tct state 0x2 accept # handle 4',
      '\t\tcounter jump fail2ban-x # handle 5',
      '\t}',
      '\tchain fail2ban-x { # handle 2',
      '\t}',
      '}',
    ].join('\n');
    const piecemeal = {
      table: () => Promise.resolve(table),
      chain: () => Promise.resolve('-N fail2ban-x\n-A fail2ban-x -s 203.0.113.7/32 -c 1 60 -j DROP\n'),
      change: () => Promise.resolve(),
    };
    const firewall = new FakeFirewall();

    const { observed, isPiecemeal } = await readTable(
      toolsWith(firewall, { list: native, piecemeal }),
      PLACE,
    );
    const without = await refusalOf(readTable(toolsWith(firewall, { list: native }), PLACE));

    assert.ok(isPiecemeal);
    assert.equal(
      observed.chains
        .get('INPUT')
        ?.map((rule) => (rule.kind === 'ours' ? [rule.printed, rule.handle] : rule.kind)),
      ['foreign', ['-j fail2ban-x', 5]],
    );
    assert.is(observed.chains.get('fail2ban-x')?.length, 1);
    assert.match(without, 'holds native rules');
  },
);

reading('looks once into raw where nothing of ours is to be there, and again while there is', async () => {
  const firewall = new FakeFirewall();
  let looks = 0;
  const listRaw: Tools['listRaw'] = (family) => {
    looks += 1;
    return firewall.listRaw(family);
  };
  const tools = toolsWith(firewall, { listRaw });
  firewall.editRaw('ipv4', '-N fail2ban-.early', '-A PREROUTING -j fail2ban-.early');

  const ours = await readRaw(tools, { ...PLACE, isUsed: false });
  firewall.editRaw('ipv4', '-D PREROUTING -j fail2ban-.early', '-X fail2ban-.early');
  const gone = await readRaw(tools, { ...PLACE, isUsed: false, known: ours });
  const again = await readRaw(tools, { ...PLACE, isUsed: false, known: gone });
  const wanted = await readRaw(tools, { ...PLACE, isUsed: true, known: gone });

  assert.equal([ours.kind, gone.kind, again.kind, wanted.kind], ['read', 'left', 'left', 'read']);
  assert.is(looks, 3);
});

reading('leaves raw alone that cannot be read, and says why to who wants it', async () => {
  const tools = toolsWith(new FakeFirewall(), { listRaw: native });

  assert.equal(await readRaw(tools, { ...PLACE, isUsed: true }), {
    kind: 'unreadable',
    reason: 'holds native rules',
  });
  assert.equal(await readRaw(tools, { ...PLACE, isUsed: false }), { kind: 'left' });
  const empty = toolsWith(new FakeFirewall(), { listRaw: () => Promise.resolve('') });
  assert.is((await readRaw(empty, { ...PLACE, isUsed: true })).kind, 'unreadable');
});

reading.run();
