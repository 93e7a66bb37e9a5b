import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig, type Config } from '../../src/config/config.ts';
import { spoolProblems } from '../../src/spool/spool-problems.ts';

const problems = suite('what is wrong with the spool');

const WELL = { isMissing: false, forbidden: [], strangers: [], closed: [] };

function configOf(text: string): Config {
  const read = readConfig(text);
  if (read.kind !== 'config') throw new Error('the config is damaged');
  return read.config;
}

const CONFIG = configOf('spool: /spool\n');

problems(
  'asks for no account where nothing is wrong: each pass looks, and accounts may be kept on another machine',
  () => {
    let asked = 0;
    const owner = (): string => {
      asked += 1;
      return 'banspool';
    };

    const found = spoolProblems(WELL, CONFIG, owner);

    assert.equal([found, asked], [[], 0]);
  },
);

problems('names commands as the owner of the state, who follows no link of a server’s', () => {
  const found = spoolProblems(
    { ...WELL, closed: ['web1'], forbidden: ['web2/1.yaml: permission denied'] },
    CONFIG,
    () => 'banspool',
  );

  assert.equal(
    found.map(({ reason }) => reason),
    ['FolderClosed', 'Forbidden'],
  );
  assert.match(found[0]?.message ?? '', 'fix: chown -h banspool /spool/web1 && runuser -u banspool -- chmod');
  assert.match(found[1]?.message ?? '', 'runuser -u banspool -- find /spool');
});

problems.run();
