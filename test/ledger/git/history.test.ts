import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeClaims } from '../../../src/ledger/store/codec.ts';
import { netOf } from '../../../src/domain/net.ts';
import { readCommits, type Commit, type CommitsAsked } from '../../../src/ledger/git/commit-log.ts';
import { BanspoolError, messageOf } from '../../../src/system/error.ts';
import { claimsIn, diffAbout, policyLinesOn } from '../../../src/ledger/git/history.ts';
import type { ClaimChange } from '../../../src/claims/diff.ts';
import { allClaims, type State } from '../../../src/claims/state.ts';
import { ban, heard, IP, then, unban } from '../../claims/said.ts';

const history = suite('history', { folder: '' });

history.before.each((context) => {
  context.folder = fs.mkdtempSync(join(tmpdir(), 'banspool-history-'));
  git(context.folder, 'init', '--quiet');
});

history.after.each(({ folder }) => {
  fs.rmSync(folder, { recursive: true });
});

function git(folder: string, ...args: readonly string[]): string {
  return gitWith(folder, args, '');
}

function gitWith(folder: string, args: readonly string[], input: string): string {
  const env = {
    PATH: process.env['PATH'],
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'A Person',
    GIT_AUTHOR_EMAIL: 'person@example.net',
    GIT_COMMITTER_NAME: 'A Person',
    GIT_COMMITTER_EMAIL: 'person@example.net',
    GIT_COMMITTER_DATE: '2026-11-22T13:40:00Z',
  };
  return execFileSync('git', args, { cwd: folder, env, encoding: 'utf8', input });
}

function commit(folder: string, state: State, message = 'x'): void {
  fs.writeFileSync(join(folder, '203.yaml'), encodeClaims(allClaims(state)));
  git(folder, 'add', '.');
  git(folder, 'commit', '--quiet', '--allow-empty', '-m', message);
}

/** All commits, newest first. */
async function commitsIn(
  folder: string,
  diff: readonly string[] = ['--', '.'],
  { most = Infinity, ...asked }: Pick<CommitsAsked, 'leaveOut' | 'most'> = {},
): Promise<readonly Commit[]> {
  const read = async (args: readonly string[], input = ''): Promise<string> => {
    const answer = gitWith(folder, args, input);
    if (answer.length > most) throw new BanspoolError('too-much-output', 'too much');
    return Promise.resolve(answer);
  };
  const commits: Commit[] = [];
  for await (const each of readCommits(read, { diff, ...asked })) commits.push(each);
  return commits;
}

async function changesIn(folder: string): Promise<readonly (readonly ClaimChange[])[]> {
  return (await commitsIn(folder)).map((each) => claimsIn(each).changes);
}

/** What each commit did, but for those that changed no ban. */
async function read(folder: string): Promise<readonly string[]> {
  const told = (await commitsIn(folder)).map((each) => {
    const words = claimsIn(each).changes.map((change) => `${change.kind} ${change.ip.text} ${change.server}`);
    return `${each.author}: ${words.sort().join(', ')}`;
  });
  return told.filter((line) => !line.endsWith(': '));
}

/** Commits that the patch about this address tells of. */
async function found(folder: string, ip: string): Promise<readonly string[]> {
  const commits = await commitsIn(folder, diffAbout(netOf(ip)));
  return commits.flatMap(({ commit: name, patch }) =>
    patch.some((line) => line !== '') ? [git(folder, 'log', '-1', '--format=%s', name).trimEnd()] : [],
  );
}

history('who was banned and unbanned is read out of the commits, newest first', async ({ folder }) => {
  const banned = heard(5, ban(0, 600), ban(0, 600, { ip: '203.0.113.8' }));
  commit(folder, banned);
  commit(folder, then(banned, 20, unban(19), ban(15, 600, { server: 'mail' })));

  assert.equal(await read(folder), [
    `A Person: banned ${IP} mail, ended ${IP} web1`,
    `A Person: banned ${IP} web1, banned 203.0.113.8 web1`,
  ]);
});

history('a commit tells its time, its author and what it is called', async ({ folder }) => {
  commit(folder, heard(5, ban(0, 600)));

  const [entry] = await commitsIn(folder);

  assert.is(entry?.time, Date.UTC(2026, 10, 22, 13, 40));
  assert.is(entry?.author, 'A Person');
  assert.match(entry?.commit ?? '', /^[0-9a-f]{40}$/);
});

history('commits that change no ban are left out, whatever their lines look like', async ({ folder }) => {
  fs.writeFileSync(join(folder, 'README.md'), '- a list\n- { "ip": "203.0.113.9" }\n-- \n+- x\n');
  commit(folder, heard(5, unban(4)), `- { "ip": "${IP}" }`);

  assert.equal(await read(folder), []);
});

history('a ban whose end moved is no new one', async ({ folder }) => {
  const banned = heard(5, ban(0, 600));
  commit(folder, banned);
  commit(folder, then(banned, 20, ban(15, 900)));

  assert.is((await read(folder))[0], `A Person: changed ${IP} web1`);
});

history('a commit that changed too much for one answer comes in parts of whole files', async ({ folder }) => {
  const files = Object.entries({
    '*.yaml': 'a',
    'b.yaml': 'b',
    'c.yaml': 'c',
    'large.yaml': 'd'.repeat(900),
  });
  for (const [path, text] of files) fs.writeFileSync(join(folder, path), `${text}\n`.repeat(5));
  git(folder, 'add', '.');
  git(folder, 'commit', '--quiet', '-m', 'all\n\nits message');
  const [leftOut, linesOf] = [
    [] as string[],
    (sign: RegExp) =>
      ({ patch }: Commit) =>
        patch.filter((line) => sign.test(line)),
  ];
  const leaveOut = (_commit: string, path: string): void => void leftOut.push(path);

  const parts = await commitsIn(folder, ['--', '.'], { most: 400, leaveOut });
  const failure: unknown = await commitsIn(folder, ['--', '.'], { most: 400 }).catch(
    (error: unknown) => error,
  );

  assert.equal(leftOut, ['large.yaml']);
  assert.equal(
    parts.flatMap(linesOf(/^\+[a-z]/)).sort(),
    ['+a', '+b', '+c'].flatMap((line) => Array.from({ length: 5 }, () => line)),
  );
  assert.equal(
    parts.flatMap(({ body }) => body),
    ['its message'],
  );
  assert.ok(parts.length > 1);
  assert.match(messageOf(failure), /^the change of large\.yaml in commit .* is too large to read/);
});

history('a revert is read as what it does', async ({ folder }) => {
  commit(folder, heard(5));
  commit(folder, heard(5, ban(0, 600)));
  git(folder, 'revert', '--no-edit', 'HEAD');

  assert.is((await read(folder))[0], `A Person: ended ${IP} web1`);
});

history('what ended within the second of its commit ended since its time was over', async ({ folder }) => {
  const ends: unknown[] = [];
  for (const late of [0, 0.999, 1]) {
    const banned = heard(5, ban(late, 600));
    commit(folder, banned);
    commit(folder, then(banned, 700));
    const [newest] = await changesIn(folder);
    ends.push(newest?.map((change) => change.kind === 'ended' && change.why));
  }

  // The third had a whole second to go: somebody took its line out.
  assert.equal(ends, [['expired'], ['expired'], ['withdrawn']]);
});

history(
  'of one address is what any hand wrote of it, and of nets, and of nothing that only looks like it',
  async ({ folder }) => {
    const others = ['203.0.113.70', '203.0.1.137', '103.0.113.7'].map((ip) => `{ "ip": "${ip}" }`);
    const [quoted, plain, single, wide, tight] = [
      ...['"203.0.113.7"', '203.0.113.7', "'203.0.113.7'", '203.0.113.64/26'].map(
        (ip) => `{ ip: ${ip}, server: local }`,
      ),
      '{"server":local,"ip":203.0.113.7}',
    ];
    for (const line of [...others, quoted, others[0], plain, single, others[1], wide, tight]) {
      fs.mkdirSync(join(folder, 'claims/ipv4'), { recursive: true });
      fs.writeFileSync(join(folder, 'claims/ipv4/203.yaml'), `- ${line ?? ''}\n`);
      git(folder, 'add', '.');
      git(folder, 'commit', '--quiet', '-m', line ?? '');
    }

    const about = await found(folder, '203.0.113.7');

    // What was replaced counts too; which nets are around it is not git's to say.
    const words = [tight, wide, others[1], single, plain, others[0], quoted];
    assert.equal(about, words);
  },
);

history(
  'is looked for in the files of the nets around and of what is inside, also where those were before',
  () => {
    const files = (ip: string): readonly string[] => diffAbout(netOf(ip)).slice(4);

    const octets = [203, 0, 128, 192, 200, 202];
    assert.equal(
      files('203.0.113.7'),
      ['claims', 'peers'].flatMap((folder) => octets.map((octet) => `${folder}/ipv4/${octet}.yaml`)),
    );
    assert.equal(
      [files('0.0.0.0/7'), files('2001:db8::/47')],
      [
        ['claims/ipv4', 'peers/ipv4'],
        ['claims/ipv6', 'peers/ipv6'],
      ],
    );
    for (const file of ['94', '2001', '2000', '20'])
      assert.ok(files('2001:db8::7').includes(`claims/ipv6/${file}.yaml`), file);
  },
);

history('of one address is also what peers claimed of it', async ({ folder }) => {
  for (const [path, ip] of [
    ['peers/ipv4/203.yaml', IP],
    ['peers/ipv4/203.yaml', '203.0.113.8'],
    ['peers/heard.yaml', IP],
  ] as const) {
    fs.mkdirSync(join(folder, 'peers/ipv4'), { recursive: true });
    fs.writeFileSync(join(folder, path), `- { "ip": "${ip}", "server": "fw2/web1" }\n`);
    git(folder, 'add', '.');
    git(folder, 'commit', '--quiet', '-m', `${path} ${ip}`);
  }

  const about = await found(folder, IP);

  assert.equal(about, ['peers/ipv4/203.yaml 203.0.113.8', `peers/ipv4/203.yaml ${IP}`]);
});

history('reads what earlier versions wrote of the policy, in their words', () => {
  const [old, now, other] = [
    'policy: end 203.0.113.7 in sshd for web1: inside 203.0.113.0/24, which is allowed: policy.yaml line 1',
    'policy: ban 203.0.113.7 in sshd by web1: policy.yaml no longer refuses it',
    'policy: end 192.0.2.7: policy.yaml does not deny it any more',
  ];
  const lines = ['Note the policy', old, now, other];

  assert.equal(policyLinesOn(lines, undefined), [old, now, other]);
  assert.equal(policyLinesOn(lines, netOf('203.0.113.7')), [old, now]);
});

history('nothing is no history', () => {
  assert.equal(claimsIn({ time: 0, patch: [] }), { changes: [], lifts: [] });
});

history.run();
