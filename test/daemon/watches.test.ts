/** What rings for a pass, by itself: the controller also looks without being rung for. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Watches } from '../../src/daemon/watches.ts';
import { eventually } from '../support/eventually.ts';
import { worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('the watches');

const ignore = (): void => undefined;

/** They are armed some time after they were opened, so something is done until they ring. */
const PLACES: Readonly<Record<string, (sandbox: Sandbox, round: number) => void>> = {
  'a new server’s folder': ({ spool }, round) => {
    mkdirSync(join(spool, `server${round}`));
  },
  'a file of a server': (sandbox, round) => void sandbox.dropInPlace('web1', '', `${round}.yaml`),
  'an edit of the policy': (sandbox, round) => {
    sandbox.writePolicy(`# ${round}\n`);
  },
  'what a peer published': ({ folder }, round) => {
    writeFileSync(join(folder, 'fleet/in/fw2/peer.yaml'), `${round}`);
  },
  'a peer’s first publication': ({ folder }, round) => {
    mkdirSync(join(folder, `fleet/in/fw${round + 2}`));
  },
  'what the mover knows of the hub': ({ folder }, round) => {
    writeFileSync(join(folder, 'fleet/mover/contact.json'), `${round}`);
  },
  'an edit of claims': ({ state }, round) => {
    writeFileSync(join(state, 'claims/ipv4/192.yaml'), `# ${round}\n`);
  },
};

for (const [what, make] of Object.entries(PLACES)) {
  test(`ring for ${what}`, async () => {
    await using sandbox = await Sandbox.open();
    mkdirSync(join(sandbox.spool, 'web1'));
    mkdirSync(join(sandbox.state, 'claims/ipv4'), { recursive: true });
    for (const each of ['in/fw2', 'mover'])
      mkdirSync(join(sandbox.folder, 'fleet', each), { recursive: true });
    sandbox.configure({ fleet: `{ name: fw1, folder: ${join(sandbox.folder, 'fleet')} }` });
    let rings = 0;
    const ring = (): void => void (rings += 1);
    const watches = new Watches(worldOf(sandbox), ring, ring);
    watches.attend(['web1'], ['fw2']);
    const before = rings;
    let round = 0;

    await eventually(() => {
      make(sandbox, (round += 1));
      assert.ok(rings > before, 'they do not ring');
    });

    await watches.close();
  });
}

test('ring when a server is attended to for the first time: what came before rang nothing', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.dropInPlace('web1', '');
  let rings = 0;
  const ring = (): void => void (rings += 1);
  const watches = new Watches(worldOf(sandbox), ring, ring);

  watches.attend(['web1'], ['fw2']);
  const first = rings;
  watches.attend(['web1'], ['fw2']);

  assert.equal([first, rings], [1, 1]);
  await watches.close();
});

test('tell of a server’s file by its name, and ring for nothing else of it', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.dropInPlace('web1', '', 'first.yaml');
  const told: string[] = [];
  let rings = 0;
  const watches = new Watches(
    worldOf(sandbox),
    () => (rings += 1),
    (server, name) => told.push(`${server}/${name.toString()}`),
  );
  watches.attend(['web1'], []);
  const before = rings;

  sandbox.drop('web1', '', 'second.yaml');
  await eventually(() => {
    assert.is(told.at(-1), 'web1/second.yaml');
  });

  assert.equal([before, [...new Set(told)]], [1, ['web1/.second.yaml.tmp', 'web1/second.yaml']]);
  await watches.close();
});

test('have chokidar, which looks at each file, watch no folder within the state', async () => {
  await using sandbox = await Sandbox.open();
  const folders = ['claims/ipv4', 'mine'].map((folder) => join(sandbox.state, folder));
  for (const folder of folders) mkdirSync(folder, { recursive: true });
  const isWatched = (folder: string): boolean => watchedInodes().has(statSync(folder).ino);
  const watches = new Watches(worldOf(sandbox), ignore, ignore);
  await eventually(() => {
    assert.ok(isWatched(sandbox.state), 'it is not armed');
  });

  const before = folders.map(isWatched);
  watches.attend([], []);
  const after = folders.map(isWatched);

  await watches.close();
  assert.equal(
    [before, after],
    [
      [false, false],
      [true, false],
    ],
  );
});

test('look at nobody but peers, so that who may write there costs no memory with folders of other names', async () => {
  await using sandbox = await Sandbox.open();
  const inbox = join(sandbox.folder, 'fleet/in');
  for (const name of ['fw2', 'stranger']) mkdirSync(join(inbox, name), { recursive: true });
  sandbox.configure({ fleet: `{ name: fw1, folder: ${join(sandbox.folder, 'fleet')} }` });
  const watches = new Watches(worldOf(sandbox), ignore, ignore);
  const isWatched = (folder: string): boolean => watchedInodes().has(statSync(folder).ino);

  watches.attend([], ['fw2', 'fw3']);
  const first = ['', 'fw2', 'stranger'].map((name) => isWatched(join(inbox, name)));
  mkdirSync(join(inbox, 'fw3'));
  watches.attend([], ['fw3']);
  const second = ['fw2', 'fw3'].map((name) => isWatched(join(inbox, name)));

  assert.equal(first, [true, true, false]);
  assert.equal(second, [false, true]);
  await watches.close();
});

/** Of what this process watches by inotify: see proc_pid_fdinfo(5). */
function watchedInodes(): ReadonlySet<number> {
  const fds = readdirSync('/proc/self/fdinfo').map((fd) => join('/proc/self/fdinfo', fd));
  const texts = fds.filter((path) => existsSync(path)).map((path) => readFileSync(path, 'utf8'));
  const found = texts.join('').matchAll(/^inotify wd:\S+ ino:([0-9a-f]+) /gm);
  return new Set(Array.from(found, ([, ino = '']) => parseInt(ino, 16)));
}

test.run();
