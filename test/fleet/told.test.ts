import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeClaims } from '../../src/ledger/store/codec.ts';
import { fileOf, isAsWritten, linesIn, publishedIn, readTold } from '../../src/fleet/told.ts';
import { allClaims } from '../../src/claims/state.ts';
import { ban, heard, IP } from '../claims/said.ts';
import { filesOf } from '../support/fleet-of-memory.ts';

const telling = suite('what was told');

const PATH = 'ipv4/203.yaml';
const TEXT = encodeClaims(allClaims(heard(5, ban(0, 600))));

telling('is what is in the folder, and its lines are read from there', async () => {
  const files = filesOf(
    new Map([
      [`/out/${PATH}`, TEXT],
      ['/out/ipv4/10.yaml', ''],
    ]),
  );

  const told = await readTold(files, '/out', [PATH, PATH, 'ipv4/10.yaml', 'lifts.yaml']);
  const lines = await linesIn(files, '/out', told.get(PATH));

  assert.equal(Array.from(told.keys()), [PATH]);
  assert.equal(Array.from(lines?.keys() ?? []), [`${IP} web1 sshd`]);
  assert.is(await linesIn(files, '/out', undefined), undefined);
});

telling('has no lines where its file is another, or none that we wrote', async () => {
  const disk = new Map([[`/out/${PATH}`, TEXT]]);
  const files = filesOf(disk);
  const [file] = (await readTold(files, '/out', [PATH])).values();
  disk.set(`/out/${PATH}`, `${TEXT}${TEXT}`);

  assert.is(await linesIn(files, '/out', file), undefined);
  assert.is(await linesIn(files, '/out', fileOf('x', 'y')), undefined);
  assert.is(await linesIn(files, '/out', { ...fileOf(PATH, 'y'), text: 'y' }), undefined);
  assert.is((await linesIn(files, '/out', { ...fileOf(PATH, TEXT), text: TEXT }))?.size, 1);
});

telling(
  'is as it was written until a file is gone, or another; what is to be written is not looked at',
  async () => {
    const disk = new Map([[`/out/${PATH}`, TEXT]]);
    const files = filesOf(disk);
    const told = await readTold(files, '/out', [PATH]);
    const planned = new Map([[PATH, { ...fileOf(PATH, TEXT), text: TEXT }]]);

    const found = [isAsWritten(files, '/out', told)];
    disk.set(`/out/${PATH}`, 'x');
    found.push(isAsWritten(files, '/out', told));
    disk.delete(`/out/${PATH}`);
    found.push(isAsWritten(files, '/out', told), isAsWritten(files, '/out', planned));

    assert.equal(found, [true, false, false, true]);
    assert.is(isAsWritten(files, '/out', new Map([[PATH, fileOf(PATH, TEXT)]])), false);
  },
);

telling('is since the publication that wrote it, or since the next where that is not known', () => {
  const file = fileOf(PATH, TEXT);

  const since = [file, { ...file, since: 3 }, { ...file, since: 3, text: TEXT }].map(
    (told) => publishedIn(told, 7).since,
  );

  assert.equal(since, [7, 3, 7]);
});

telling.run();
