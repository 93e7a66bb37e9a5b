import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nftForm } from '../../../src/exports/forms/nft.ts';
import { clearFirewall } from '../../support/firewall.ts';
import { requirePrivateNetwork } from '../../support/namespaces.ts';
import { outputOf } from '../../support/run-program.ts';
import { entryOf, textOf } from '../entries.ts';

const test = suite('a file for nft');

const PATH = join(mkdtempSync('/run/banspool-nft-'), 'bans.nft');

async function load(text: string): Promise<void> {
  writeFileSync(PATH, text);
  await outputOf(['nft', '--check', '--file', PATH]);
  await outputOf(['nft', '--file', PATH]);
}

async function elements(set: string): Promise<readonly string[]> {
  const text = await outputOf(['nft', 'list', 'set', 'inet', 'banspool_bans', set]);
  return (/elements = \{([^}]*)\}/.exec(text)?.[1] ?? '').split(',').flatMap((each) => each.trim() || []);
}

test.before(requirePrivateNetwork);
test.before.each(clearFirewall);

test('fills a table of its own, and empties its sets first, under rules that look into them', async () => {
  await load(textOf(nftForm));
  await outputOf(['nft', 'add chain inet banspool_bans input { type filter hook input priority -10; }']);
  await outputOf(['nft', 'add rule inet banspool_bans input ip saddr @v4 drop']);
  const first = [await elements('v4'), await elements('v6')];

  await load(textOf(nftForm, { entries: [entryOf('192.0.2.7')] }));

  assert.equal(first, [
    ['192.0.2.0/24', '203.0.113.9'],
    ['2001:db8::/64', '2001:db8:1::7'],
  ]);
  assert.equal([await elements('v4'), await elements('v6')], [['192.0.2.7'], []]);
  assert.match(await outputOf(['nft', 'list', 'ruleset']), 'ip saddr @v4 drop');
});

test('can be loaded again, and by an include, and where nobody is banned', async () => {
  await load(textOf(nftForm));
  await load(textOf(nftForm));
  await load(textOf(nftForm, { entries: [] }));

  assert.equal(await elements('v4'), []);
  writeFileSync(PATH, textOf(nftForm));
  writeFileSync(
    `${PATH}.whole`,
    `flush ruleset\ninclude "${PATH}"\ntable inet banspool_bans {\n${CHAIN}\n}\n`,
  );
  await outputOf(['nft', '--file', `${PATH}.whole`]);
  assert.is((await elements('v4')).length, 2);
});

const CHAIN = 'chain input { type filter hook input priority -10; ip saddr @v4 drop; ip6 saddr @v6 drop; }';

test.run();
