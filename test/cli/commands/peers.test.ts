import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FleetOfSandboxes } from '../../support/fleet.ts';

const test = suite('peers');

test('alone lists the peers, with the options of the list; another word is a mistake', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
  await fleet.exchange('fw1', 'fw2');
  const fw1 = fleet.at('fw1');

  const [alone, list] = [await fw1.cli('peers', '--json'), await fw1.cli('peers', 'list', '--json')];
  const wrong = await fw1.cli('peers', 'lst');
  const help = await fw1.cli('peers', '--help');

  assert.equal(alone, list);
  assert.equal(
    (JSON.parse(alone.stdout) as { peers: { name: string }[] }).peers.map(({ name }) => name),
    ['fw2'],
  );
  assert.is(wrong.code, 2);
  assert.equal(
    ['list', 'key', 'add', 'remove'].filter((word) => !help.stdout.includes(`  ${word} [options]`)),
    [],
  );
});

test.run();
