import { execFileSync } from 'node:child_process';
import * as assert from 'uvu/assert';
import {
  failureIn,
  branchesIn,
  filesIn,
  hasFolder,
  importText,
  textsIn,
} from '../../../src/mover/git/git-objects.ts';
import { git, moverSuite } from '../mover-suite.ts';

const objects = moverSuite('what is said to git and what it answers');

const REF = 'refs/heads/fw/fw1/claims';
const FIRST = new Map([
  ['ipv4/203.yaml', 'ä\n\n'],
  ['lifts.yaml', ''],
  ['peer.yaml', 'no newline at its end'],
]);
const COMMIT = { ref: REF, name: 'fw1', time: 1_800_000_000_999, parent: undefined, gone: [] };

objects('makes a root of texts, and a commit above it of what changed and what is gone', ({ hub }) => {
  const next = { ...COMMIT, parent: `${REF}^0`, gone: ['lifts.yaml'] };
  git(hub, ['fast-import', '--quiet'], importText({ ...COMMIT, files: FIRST }));
  const first = Array.from(FIRST.keys(), (path) => git(hub, ['cat-file', 'blob', `${REF}:${path}`]));
  git(hub, ['fast-import', '--quiet'], importText({ ...next, files: new Map([['ipv4/203.yaml', 'new\n']]) }));

  assert.equal(first, [...FIRST.values()]);
  assert.is(git(hub, ['ls-tree', '-r', '--name-only', REF]), 'ipv4/203.yaml\npeer.yaml\n');
  assert.is(git(hub, ['cat-file', 'blob', `${REF}:ipv4/203.yaml`]), 'new\n');
  assert.is(git(hub, ['log', '--format=%an %ct %s', REF]), 'fw1 1800000000 published by fw1\n'.repeat(2));
});

objects('begins a new root where there is a branch, which then holds nothing of before', ({ hub }) => {
  git(hub, ['fast-import', '--quiet'], importText({ ...COMMIT, files: FIRST }));
  git(
    hub,
    ['fast-import', '--quiet', '--force'],
    importText({ ...COMMIT, files: new Map([['peer.yaml', 'x']]) }),
  );

  assert.is(git(hub, ['rev-list', '--count', REF]), '1\n');
  assert.is(git(hub, ['ls-tree', '-r', '--name-only', REF]), 'peer.yaml\n');
});

objects('finds plain files in a tree, and passes over programs, links and other repositories', ({ hub }) => {
  const blob = git(hub, ['hash-object', '-w', '--stdin'], 'text').trim();
  const tree = git(hub, ['mktree', '-z'], `100644 blob ${blob}\tdeep\0`).trim();
  const entries = [
    `100644 blob ${blob}\tplain`,
    `100644 blob ${blob}\twith\nnewline`,
    `100755 blob ${blob}\tprogram`,
    `120000 blob ${blob}\tlink`,
    `160000 commit ${'1'.repeat(40)}\tipv6`,
    `040000 tree ${tree}\tipv4`,
  ];
  const top = git(hub, ['mktree', '-z'], `${entries.join('\0')}\0`).trim();
  const listed = git(hub, ['ls-tree', '-z', top]);

  assert.equal(filesIn(listed), [
    { path: 'plain', id: blob },
    { path: 'with\nnewline', id: blob },
  ]);
  assert.equal(filesIn(git(hub, ['ls-tree', '-z', tree]), 'ipv4/'), [{ path: 'ipv4/deep', id: blob }]);
  assert.equal(
    ['ipv4', 'ipv6', 'plain'].map((name) => hasFolder(listed, name)),
    [true, false, false],
  );
});

objects('reads texts one after the other, without those that are missing', ({ hub }) => {
  const texts = ['first\n', 'ä€😀', '', 'two\n\nlines\n\n'];
  const ids = texts.map((text) => git(hub, ['hash-object', '-w', '--stdin'], text).trim());
  const missing = '1'.repeat(40);
  const answer = git(
    hub,
    ['cat-file', '--batch'],
    [ids[0], missing, ...ids.slice(1)].map((id) => `${id}\n`).join(''),
  );
  const expected = ids.map((id, index) => [id, texts[index]]);

  assert.match(answer, `${missing} missing\n`);
  assert.equal([...textsIn(answer)], expected);
  assert.equal([...textsIn(answer.slice(0, -1))], expected, 'without the last newline');
});

objects('reads nothing from where an answer is cut, or is not as git says it', ({ hub }) => {
  const id = 'a'.repeat(40);
  const whole = `${id} blob 2\nxy\n`;
  const other = 'b'.repeat(40);
  const notUtf8 = git(hub, ['hash-object', '-w', '--stdin'], 'placeholder').trim();
  const latin1 = execFileSync('git', ['hash-object', '-w', '--stdin'], {
    ...{ cwd: hub, input: Buffer.from([0xe4, 0x0a]), encoding: 'utf8' },
  }).trim();
  const ofBytes = git(hub, ['cat-file', '--batch'], `${latin1}\n${notUtf8}\n`);

  for (const rest of [
    'junk',
    'junk\n',
    `${other} blob 9\nshort\n`,
    `${other} tree 1\nx\n`,
    `${other} blob 1\nxyz\n`,
  ])
    assert.equal(
      [...textsIn(`${whole}${rest}${rest === 'junk' ? '' : whole.replace(id, 'c'.repeat(40))}`)],
      [[id, 'xy']],
      rest,
    );
  assert.equal([...textsIn(ofBytes).keys()], []);
  assert.equal([...textsIn('')], []);
});

objects('takes for branches of firewalls only what has the form of one', ({ hub }) => {
  git(hub, ['fast-import', '--quiet'], importText({ ...COMMIT, ref: 'refs/peers/fw1/claims', files: FIRST }));
  const commit = git(hub, ['rev-parse', 'refs/peers/fw1/claims']).trim();
  for (const ref of [
    ...['refs/peers/fw-2.example/claims', 'refs/peers/fw1/other', 'refs/peers/fw1/claims2/claims'],
    ...['refs/peers/claims', 'refs/peers/FW3/claims', `refs/peers/${'x'.repeat(64)}/claims`],
    ...['refs/peers/-x/claims', 'refs/heads/fw4/claims', 'refs/peers/f$w/claims'],
  ])
    git(hub, ['update-ref', ref, commit]);
  const listed = git(hub, ['for-each-ref', '--format=%(objectname) %(refname)']);

  assert.is(listed.trim().split('\n').length, 10);
  assert.equal([...branchesIn(listed)].sort(), [
    ['fw-2.example', commit],
    ['fw1', commit],
  ]);
});

objects('is a failure by the line that has its cause, ahead of advice and after what ssh said', () => {
  const advice = 'Please make sure you have the correct access rights\nand the repository exists.\n';
  const refused = 'ssh: connect to host hub port 22: Connection refused';

  assert.is(failureIn(`fatal: Could not read.\n\n${advice}`, 128), 'fatal: Could not read.');
  assert.is(failureIn(`${refused}\nfatal: Could not read.\n${advice}`, 128), refused);
  const rejected = '! [remote rejected] fw/fw2/claims -> fw/fw2/claims (deny updating a hidden ref)';
  assert.is(
    failureIn(`To ssh://hub/\n ${rejected}\nerror: failed to push some refs to 'ssh://hub/'\n`, 1),
    `${rejected}: the hub has another name for this ssh key`,
  );
  const dropped = 'kex_exchange_identification: read: Connection reset by peer';
  assert.is(failureIn(`${dropped}\r\nConnection reset by 192.0.2.1 port 22\r\n`, 128), dropped);
  assert.is(failureIn('', 1), 'exit 1');
  assert.is(failureIn('something else\n', 1), 'something else');
});

objects.run();
