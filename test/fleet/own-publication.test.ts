import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readOwnPublication } from '../../src/fleet/own-publication.ts';
import { files } from '../../src/system/files/files.ts';
import { FleetOfSandboxes } from '../support/fleet.ts';
import { banText, unbanText } from '../support/intent-text.ts';

const test = suite('what this firewall published');

test('is counted by what its lines say, and is nothing before the first pass or under another name', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
  const fw1 = fleet.at('fw1');
  const own = { name: 'fw1', folder: join(fw1.folder, 'fleet') };
  for (const ip of ['203.0.113.7', '203.0.113.8', '"2001:db8::7"']) fw1.drop('web1', banText(ip));
  const before = await readOwnPublication({ files }, own);
  await fw1.cli('reconcile');
  fw1.drop('web1', unbanText('203.0.113.8'));
  await fw1.cli('unban', '203.0.113.7');
  await fw1.cli('reconcile');

  const found = await readOwnPublication({ files }, own);
  const other = await readOwnPublication({ files }, { ...own, name: 'fw9' });

  assert.equal([before, other], [undefined, undefined]);
  assert.equal([found?.claims, found?.ended, found?.lifts], [1, 2, 1]);
  assert.ok(Math.abs(Date.now() - (found?.published ?? 0)) < 60_000);
  assert.is(found?.sequence, found?.published);
});

test.run();
