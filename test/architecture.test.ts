/** Which room may import which: the tree is the flow, and arrows point to the left (DESIGN.md, section 2). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { transformSync } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const architecture = suite('architecture');

const ROOT = join(import.meta.dirname, '../..');
const SOURCE = join(ROOT, 'src');

/** The rooms in the order in which data flows. */
const ROOMS: readonly string[] = [
  ...['domain', 'system', 'yaml', 'config', 'world', 'lists', 'intent', 'claims', 'policy'],
  ...['escalation', 'desired'],
  ...['spool', 'ledger', 'firewall', 'fleet', 'mover', 'sources', 'access', 'hub', 'pass'],
  ...['feed', 'exports', 'status', 'rollup', 'report', 'top', 'notify'],
  ...['fetch', 'replay', 'doctor', 'daemon', 'cli'],
];

/** What others are told in. */
const LANGUAGE: readonly string[] = ['domain', 'yaml'];

/** Rooms, folders and files without I/O, clock or chance: what goes in is all that they know. */
const PURE: readonly string[] = [
  ...['notify/channel.ts', 'notify/compose.ts', 'notify/decide.ts', 'notify/digest.ts', 'notify/fact.ts'],
  ...['notify/find-alarms.ts', 'notify/forms/json-form.ts', 'notify/message.ts', 'notify/notice-of.ts'],
  ...['notify/settle.ts', 'notify/state.ts', 'notify/tally.ts'],
  ...['domain/', 'yaml/', 'config/', 'lists/', 'intent/', 'claims/', 'policy/', 'escalation/'],
  'desired/',
  ...['fetch/due.ts', 'fetch/fetch-error.ts', 'fetch/is-private.ts', 'fetch/orders.ts', 'fetch/sieve.ts'],
  ...['cli/text/', 'cli/why/'],
  ...['spool/growing.ts', 'spool/overflow.ts', 'spool/shares.ts', 'spool/strays.ts'],
  ...[
    'ledger/store/codec.ts',
    'ledger/store/item-schemas.ts',
    'ledger/store/own-line.ts',
    'ledger/store/parts.ts',
  ],
  ...[
    'feed/event.ts',
    'feed/events-of-pass.ts',
    'ledger/commit-message.ts',
    'ledger/git/history.ts',
    'ledger/git/restore-words.ts',
  ],
  ...['firewall/iptables/rules/', 'firewall/iptables/wanted/', 'firewall/iptables/observed/'],
  ...['firewall/iptables/plan/', 'firewall/iptables/apply/', 'firewall/iptables/spelling.ts'],
  ...['firewall/all-dropped.ts', 'firewall/chain.ts', 'firewall/change.ts', 'firewall/change-words.ts'],
  ...['firewall/drift-words.ts', 'firewall/flow.ts', 'access/authorized-keys.ts', 'access/from-list.ts'],
  ...['access/key-lines.ts', 'hub/hub-config.ts', 'hub/hub-keys.ts'],
  ...[
    'access/scp-account.ts',
    'status/assess-status.ts',
    'status/histogram.ts',
    'rollup/hour.ts',
    'rollup/day.ts',
    'rollup/tally.ts',
  ],
  ...['around', 'ban-times', 'compare', 'endangered', 'epochs', 'judging', 'rule', 'sightings', 'spans'].map(
    (name) => `replay/${name}.ts`,
  ),
  ...['replay/history/patch.ts', 'replay/history/straighten.ts', 'replay/timeline.ts', 'replay/totals.ts'],
  ...['replay/verdicts.ts'],
  ...['report/report.ts', 'report/markup.ts', 'report/words.ts', 'report/style.ts', 'report/page.ts'],
  ...['report/ahead-of.ts', 'report/history.ts', 'report/report-of.ts'],
  ...['report/charts/', 'report/sections/'],
  ...['own-words', 'parts', 'readme', 'redactor', 'secrets', 'tar'].map((name) => `cli/support/${name}.ts`),
  ...[
    'exports/forms/',
    'exports/entry.ts',
    'exports/aggregate.ts',
    'exports/collect.ts',
    'exports/in-order.ts',
  ],
  'exports/split-around.ts',
  ...['top/tables/', 'top/amounts.ts', 'top/cells.ts', 'top/chart.ts', 'top/frame.ts', 'top/help.ts'],
  ...['top/line.ts', 'top/minutes.ts', 'top/repaint.ts', 'top/screen.ts', 'top/seen.ts', 'top/view.ts'],
  ...['top/with-rates.ts', 'top/wrap.ts'],
  ...['status/metrics.ts', 'status/prometheus.ts', 'status/sender-metrics.ts', 'status/status-record.ts'],
];

/** What only src/system touches. */
const WORLD =
  /^(node:(fs|fs\/promises|child_process|os|dgram|dns|dns\/promises|http|https|tls|worker_threads|cluster)|chokidar|execa|ioredis|nodemailer|proper-lockfile)$/;

/** Calls the rooms to its left from claims, policy and time to what should stand. */
const CONCLUDE = 'desired/conclude.ts';

/** Where programs tell something by their words alone. */
const TOOL_WORDS = 'system/processes/tool-words.ts';

/** A value of words, as it is named: of errors, problems and mistakes, of refusals, and of programs that fail. */
const WORDS = String.raw`(?:\b(?:message|stderr)|\b(?:messageOf|messageWithMend|refusalText|whyIgnoredText)\([\w.]*\))`;

/** Compares them with a text or a pattern; two of them may be held against each other, to tell whether one is new. */
const LOOKS_AT_WORDS = new RegExp(
  [
    String.raw`${WORDS}\??\.(?:includes|startsWith|endsWith|match|search|indexOf)\(`,
    String.raw`\.(?:test|exec)\((?:[\w.]+\.)?${WORDS}\)`,
    String.raw`${WORDS} [!=]==? ['"/\x60]`,
    String.raw`switch \((?:[\w.]+\.)?${WORDS}\)`,
  ].join('|'),
);

/** What a person can hold in the head, and a screen can show. */
const MOST_FILES = 20;
const MOST_LINES = 250;

/** Of Node, what needs no world. */
const PURE_NODE = ['node:crypto', 'node:path', 'node:buffer', 'node:net'];

interface Import {
  /** Below src, such as `claims/fold.ts`. */
  readonly file: string;
  readonly folder: string;
  readonly from: string;
  readonly isType: boolean;
  /** The file of ours that it leads to, below src. */
  readonly path: string | undefined;
  /** The room of it. */
  readonly target: string | undefined;
}

const IMPORTS = sourceFiles().flatMap(importsOf);

function sourceFiles(): readonly string[] {
  return readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
}

function testFiles(): readonly string[] {
  const tests = join(ROOT, 'test');
  return readdirSync(tests, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(tests, name));
}

function importsOf(file: string): readonly Import[] {
  const text = textOf(file);
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s+)?(?:([^;'"]*?)\s+from\s+)?['"]([^'"]+)['"]/gms,
  );
  const dynamic = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g);
  const found = [
    ...Array.from(statements, ([, type, names = '', from = '']) => ({
      from,
      isType: type !== undefined || isTypeOnly(names),
    })),
    ...Array.from(dynamic, ([, from = '']) => ({ from, isType: false })),
  ];
  return found.map(({ from, isType }) => {
    const path = from.startsWith('.') ? relative(SOURCE, join(SOURCE, dirname(file), from)) : undefined;
    return {
      file,
      folder: folderOf(file),
      from,
      isType,
      path,
      target: path === undefined ? undefined : folderOf(path),
    };
  });
}

/** `{ type A, type B }`. */
function isTypeOnly(names: string): boolean {
  const list = /^\{([^}]*)\}$/s.exec(names.trim())?.[1];
  return list?.split(',').every((name) => name.trim() === '' || name.trim().startsWith('type ')) ?? false;
}

function folderOf(path: string): string {
  return path.includes('/') ? (path.split('/')[0] ?? '') : '.';
}

const show = ({ file, from, isType }: Import): string =>
  `${file} imports ${isType ? 'types of ' : ''}${from}`;

const isPure = (file: string): boolean => PURE.some((place) => file.startsWith(place));

architecture('the rooms of src are those of the list', () => {
  const folders = [...new Set(sourceFiles().map(folderOf))].filter((folder) => folder !== '.');

  assert.equal(folders.sort(), [...ROOMS].sort());
});

architecture('what is called pure is there', () => {
  const gone = PURE.filter((place) => !sourceFiles().some((file) => file.startsWith(place)));

  assert.equal(gone, []);
});

architecture(`no folder has more than ${MOST_FILES} files, and no file more than ${MOST_LINES} lines`, () => {
  const counts = new Map<string, number>();
  for (const file of sourceFiles()) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  const long = sourceFiles().filter((file) => textOf(file).split('\n').length - 1 > MOST_LINES);

  assert.equal(
    Array.from(counts).filter(([, count]) => count > MOST_FILES),
    [],
  );
  assert.equal(long, []);
});

architecture('imports are found at all, of every kind', () => {
  const hasImport = (place: string, to: string, ofTypes: boolean): boolean =>
    IMPORTS.some(
      ({ file, from, target, isType }) =>
        file === place && (from === to || target === to) && isType === ofTypes,
    );

  assert.ok(IMPORTS.length > 200);
  assert.ok(hasImport('system/files/files.ts', 'node:fs', false));
  assert.ok(hasImport('firewall/iptables/wanted/ruleset.ts', 'desired', true));
  assert.ok(hasImport('firewall/iptables/plan/plan.ts', 'firewall', false));
});

architecture('a room imports itself and what stands to its left', () => {
  const wrong = IMPORTS.filter(
    ({ folder, target }) =>
      target !== undefined && folder !== '.' && ROOMS.indexOf(target) > ROOMS.indexOf(folder),
  );

  assert.equal(wrong.map(show), []);
});

architecture('the language knows nothing but itself', () => {
  const wrong = IMPORTS.filter(
    ({ folder, target }) => LANGUAGE.includes(folder) && target !== undefined && !LANGUAGE.includes(target),
  );

  assert.equal(wrong.map(show), []);
});

architecture('only system touches processes, files, locks and watchers', () => {
  const wrong = IMPORTS.filter(
    ({ folder, from, isType }) => folder !== 'system' && !isType && WORLD.test(from),
  );

  assert.equal(wrong.map(show), []);
});

architecture('what is pure knows nothing of system, and of Node what reaches no world', () => {
  const wrong = IMPORTS.filter(
    ({ file, from, target }) =>
      isPure(file) &&
      (target === 'system' || target === 'world' || (from.startsWith('node:') && !PURE_NODE.includes(from))),
  );

  assert.equal(wrong.map(show), []);
});

architecture('what is pure does not look at the clock, at chance, or at the process', () => {
  const looking = sourceFiles().filter(
    (file) =>
      isPure(file) &&
      /\bDate\.now\b|new Date\(\)|\bperformance\.|Math\.random|randomUUID|\bprocess\.|\bconsole\./.test(
        codeOf(file),
      ),
  );

  assert.equal(looking, []);
});

architecture('what should stand is concluded in one place', () => {
  const importers = (module: string): readonly string[] =>
    [...new Set(IMPORTS.filter(({ from, isType }) => from.endsWith(module) && !isType))]
      .map(({ file }) => file)
      .sort();

  const region = 'desired/conclude-region.ts';
  const rows = 'desired/conclude-rows.ts';
  assert.equal(importers('/judge.ts'), [region, rows, CONCLUDE]);
  assert.equal(importers('/conclude-region.ts'), [CONCLUDE]);
  assert.equal(importers('/conclude-rows.ts'), [region]);
  assert.equal(importers('/portion.ts'), [region, 'desired/desire.ts']);
  assert.equal(importers('/desire.ts'), ['desired/desire-family.ts']);
});

architecture('how a rule of iptables is spelt is known in one folder', () => {
  const spelling = /--match-set|--dport|--icmpv6-type|--reject-with|'-[jg]'|['"`\s]-[jg] [A-Z$]/;
  const files = sourceFiles().filter(
    (file) => spelling.test(codeOf(file)) && dirname(file) !== 'firewall/iptables/rules',
  );

  assert.equal(files, []);
});

architecture('a data plane is known to nobody but to the place that chooses it', () => {
  const importers = IMPORTS.filter(({ file, path }) => {
    const plane = /^firewall\/[^/]+\//.exec(path ?? '')?.[0];
    return plane !== undefined && !file.startsWith(plane);
  });

  assert.equal(importers.map(show), ['firewall/open-dataplane.ts imports ./iptables/iptables.ts']);
});

architecture('whatever differs between origins of claims is asked of domain/origin.ts', () => {
  const comparing = sourceFiles().filter((file) =>
    /[!=]==\s*(OPERATOR|ADOPTED)\b|\b(OPERATOR|ADOPTED)\s*[!=]==/.test(textOf(file)),
  );

  assert.equal(comparing, []);
});

architecture('what other programs say in English is looked at in one file', () => {
  const looking = sourceFiles().filter((file) => LOOKS_AT_WORDS.test(codeOf(file)) && file !== TOOL_WORDS);

  assert.equal(looking, []);
  assert.match(codeOf(TOOL_WORDS), LOOKS_AT_WORDS);
});

architecture('nothing looks at the words of an error, a problem, a mistake or a refusal', () => {
  const looks = (code: string): boolean => LOOKS_AT_WORDS.test(code);

  for (const code of [
    "if (error.message.includes('full'))",
    "messageOf(error).startsWith('x')",
    '/full/.test(problem.message)',
    'FULL.exec(messageOf(error))',
    "refusalText(refusal) === 'x'",
    "if (message === 'x')",
    "ran.stderr.includes('x')",
    'switch (error.message) {',
  ])
    assert.ok(looks(code), code);
  for (const code of ['known.message === problem.message', 'ran.stderr.trim()', 'say(error.message);'])
    assert.not(looks(code), code);
});

architecture('nothing is exported that no other file names', () => {
  const texts = new Map(
    [...sourceFiles().map((file) => join(SOURCE, file)), ...testFiles()].map((path) => [
      path,
      new Set(readFileSync(path, 'utf8').match(/\w+/g)),
    ]),
  );
  const unused = sourceFiles().flatMap((file) => {
    const exported = textOf(file).matchAll(
      /^export (?:async )?(?:const|function\*?|class|interface|type) (\w+)/gm,
    );
    const others = Array.from(texts).filter(([path]) => path !== join(SOURCE, file));
    return Array.from(exported, ([, name = '']) => name)
      .filter((name) => !others.some(([, words]) => words.has(name)))
      .map((name) => `${file} exports ${name}`);
  });

  assert.equal(unused, []);
});

architecture('a file that has code at run time has a test by the same path', () => {
  const hasTest = (file: string): boolean => existsSync(join(ROOT, 'test', file.replace(/ts$/, 'test.ts')));
  const untested = sourceFiles().filter((file) => !hasTest(file) && hasCode(file));

  assert.equal(untested, []);
});

architecture('a test in the folder of a room is about one file of that room', () => {
  const tests = testFiles()
    .map((path) => relative(join(ROOT, 'test'), path))
    .filter((path) => path.endsWith('.test.ts') && ROOMS.includes(folderOf(path)));

  assert.ok(tests.length > 150);
  assert.equal(
    tests.filter((path) => !existsSync(join(SOURCE, path.replace(/test\.ts$/, 'ts')))),
    [],
  );
});

architecture('a comment is at most 120 columns wide', () => {
  const wide = [...sourceFiles().map((file) => join(SOURCE, file)), ...testFiles()].flatMap((path) =>
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.length > 120 && /^\s*(\/\/|\/?\*)/.test(line))
      .map((line) => `${relative(ROOT, path)}: ${line.trim()}`),
  );

  assert.equal(wide, []);
});

architecture('each module begins with what it is', () => {
  const headless = sourceFiles().filter((file) => !/^(#!.*\n)?\/\*\* ?\S?/.test(textOf(file)));

  assert.equal(headless, []);
});

/** False where nothing is left of it but imports once the types are taken out. */
function hasCode(file: string): boolean {
  const { code } = transformSync(textOf(file), {
    loader: 'ts',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  return code.replace(/^import .*$/gm, '').trim() !== '';
}

/** Without comments. */
function codeOf(file: string): string {
  return textOf(file).replace(/\/\*[^]*?\*\/|\/\/.*/g, '');
}

function textOf(file: string): string {
  return readFileSync(join(SOURCE, file), 'utf8');
}

architecture.run();
