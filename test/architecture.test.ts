/** Which folder may import which: the tree is the flow, and arrows point to the left (DESIGN.md, section 2). */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const architecture = suite('architecture');

const ROOT = join(import.meta.dirname, '../..');
const SOURCE = join(ROOT, 'src');

/** From left to right. */
const STEPS = [
  ['system', 'net', 'netfilter', 'yaml', 'names'],
  ['config', 'keys', 'spool', 'intent', 'state', 'policy', 'desired', 'observed', 'plan', 'apply', 'report'],
  ['ledger'],
  ['pass'],
  ['controller'],
  ['cli'],
] as const;

const LANGUAGE: readonly string[] = ['net', 'netfilter', 'yaml', 'names'];
const STAGES: readonly string[] = STEPS[1];
const ORDER: readonly string[] = STEPS.flat();

/** What only src/system touches. */
const WORLD =
  /^(node:(fs|fs\/promises|child_process|os|dgram|http|https|worker_threads|cluster)|chokidar|execa|proper-lockfile)$/;

/** The command line reads its own version. */
const EXCEPTIONS: readonly string[] = ['cli/program.ts imports node:fs'];

/** Of the stages what loads, saves, commits, sweeps and rejects; all of the world that they touch is handed in. */
const IMPURE: readonly string[] = [
  'state/git.ts',
  'state/git-begin.ts',
  'state/branch-files.ts',
  'state/git-folder.ts',
  'state/git-head.ts',
  'state/moved-files.ts',
  'state/store.ts',
  'state/tame-git.ts',
  'spool/count-waiting.ts',
  'spool/look.ts',
  'spool/reject.ts',
  'spool/sweep.ts',
];

/** Calls the stages from claims, policy and time to what should stand. */
const CONCLUDE = 'pass/conclude.ts';

/** Of Node, what needs no world. */
const PURE_NODE = ['node:crypto', 'node:path', 'node:buffer', 'node:net'];

interface Import {
  /** Below src, such as `state/fold.ts`. */
  readonly file: string;
  readonly folder: string;
  readonly from: string;
  readonly isType: boolean;
  /** The folder of ours that it leads to. */
  readonly target: string | undefined;
}

const IMPORTS = sourceFiles().flatMap(importsOf);

function sourceFiles(): readonly string[] {
  return readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
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

architecture('the folders of src are those of the list', () => {
  const folders = [...new Set(sourceFiles().map(folderOf))].filter((folder) => folder !== '.');

  assert.equal(folders.sort(), [...ORDER].sort());
});

architecture('imports are found at all, of every kind', () => {
  assert.ok(IMPORTS.length > 200);
  assert.ok(IMPORTS.some(({ file, from }) => file === 'system/files.ts' && from === 'node:fs'));
  assert.ok(
    IMPORTS.some(({ file, target, isType }) => file === 'plan/ruleset.ts' && target === 'desired' && isType),
  );
  assert.ok(
    IMPORTS.some(({ file, target, isType }) => file === 'plan/plan.ts' && target === 'netfilter' && !isType),
  );
});

architecture('a folder imports itself and what stands to its left', () => {
  const wrong = IMPORTS.filter(
    ({ folder, target }) =>
      target !== undefined && folder !== '.' && ORDER.indexOf(target) > ORDER.indexOf(folder),
  );

  assert.equal(wrong.map(show), []);
});

architecture('between the stages only types pass', () => {
  const wrong = IMPORTS.filter(
    ({ folder, target, isType }) =>
      target !== undefined &&
      target !== folder &&
      STAGES.includes(folder) &&
      STAGES.includes(target) &&
      !isType,
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

  assert.equal(
    wrong.map(show).filter((line) => !EXCEPTIONS.includes(line)),
    [],
  );
});

architecture('the stages and the language import nothing of Node that reaches the world', () => {
  const wrong = IMPORTS.filter(
    ({ folder, from }) =>
      (STAGES.includes(folder) || LANGUAGE.includes(folder)) &&
      from.startsWith('node:') &&
      !PURE_NODE.includes(from),
  );

  assert.equal(wrong.map(show), []);
});

architecture('a pure stage knows nothing of system', () => {
  const wrong = IMPORTS.filter(
    ({ file, folder, target }) => STAGES.includes(folder) && target === 'system' && !IMPURE.includes(file),
  );

  assert.equal(wrong.map(show), []);
});

architecture('what should stand is concluded in one place, of the stages alone', () => {
  const judging = IMPORTS.filter(
    ({ from, isType, folder }) =>
      /\/(judge|portion|desire)\.ts$/.test(from) && !isType && folder !== 'desired',
  );
  const impure = IMPORTS.filter(
    ({ file, target }) =>
      file === CONCLUDE && (target === undefined || ![...STAGES, ...LANGUAGE].includes(target)),
  );

  assert.equal([...new Set(judging.map(({ file }) => file))].sort(), [CONCLUDE, 'pass/desire-family.ts']);
  assert.equal(impure.map(show), []);
});

architecture('how a rule is spelt is known to netfilter alone', () => {
  const spelling = /--match-set|--dport|--icmpv6-type|--reject-with|'-[jg]'|['"`\s]-[jg] [A-Z$]/;
  const files = sourceFiles().filter((file) => spelling.test(codeOf(file)) && folderOf(file) !== 'netfilter');

  // It says in the words of iptables what nft says in others.
  assert.equal(files, ['observed/native-table.ts']);
});

architecture('what is desired knows no rule, no chain and no set', () => {
  const wrong = IMPORTS.filter(
    ({ folder, from }) => folder === 'desired' && /\/netfilter\/(?!members\.ts)/.test(from),
  );

  assert.equal(wrong.map(show), []);
});

architecture('a pass enforces through a data plane, and knows no program and no text of one', () => {
  const wrong = IMPORTS.filter(
    ({ file, from }) =>
      file === 'controller/enforce.ts' &&
      /\/apply\/|\/netfilter\/|\/system\/(?!error)|iptables|\/look/.test(from),
  );

  assert.equal(wrong.map(show), []);
});

architecture('neither the stages nor the language look at the clock, at chance, or at the process', () => {
  const looking = sourceFiles().filter((file) => {
    const folder = folderOf(file);
    if (![...STAGES, ...LANGUAGE].includes(folder) && file !== CONCLUDE) return false;
    const code = codeOf(file);
    return /\bDate\.now\b|new Date\(\)|\bperformance\.|Math\.random|randomUUID|\bprocess\.|\bconsole\./.test(
      code,
    );
  });

  assert.equal(looking, []);
});

architecture('whatever differs between origins of claims is asked of names/origin.ts', () => {
  const comparing = sourceFiles().filter((file) =>
    /[!=]==\s*(OPERATOR|ADOPTED)\b|\b(OPERATOR|ADOPTED)\s*[!=]==/.test(textOf(file)),
  );

  assert.equal(comparing, []);
});

architecture('each module begins with what it is', () => {
  const headless = sourceFiles().filter((file) => !/^(#!.*\n)?\/\*\* ?\S?/.test(textOf(file)));

  assert.equal(headless, []);
});

/** Without comments. */
function codeOf(file: string): string {
  return textOf(file).replace(/\/\*[^]*?\*\/|\/\/.*/g, '');
}

function textOf(file: string): string {
  return readFileSync(join(SOURCE, file), 'utf8');
}

architecture.run();
