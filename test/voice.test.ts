/** How the program speaks: what is not said in what people read. CONTRIBUTING.md, section Voice, says how it is. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const voice = suite('the voice');

const ROOT = join(import.meta.dirname, '../..');

/** Each is a word or a turn that the manuals of git, systemd and restic do not use. The one list of them. */
const NOT_SAID = [
  /\bmend(?:s|ed|ing)?\b/i,
  /\blets? (?:it |them |him |this |nobody |somebody )?in\b(?! the)/i,
  /\bshut out\b/i,
  /\btime is over\b/i,
  /\bnobody['’]s\b/i,
  /\bwhoever\b/i,
  /\btruth\b/i,
  /\banew\b/i,
  /\bgets? in\b(?! the)/i,
  /\bcannot be told\b/i,
  /\bwithout a word\b/i,
  /\bso (?:does|do|is) (?:it|the|a)\b/i,
  /\bis no (?:plain|folder|rule|key|network|protocol|port)\b/i,
  /\blooks? into (?:it|the set|sets|them)\b/i,
  /\ball all\b/i,
  /\b(?:ban|end|keep) \S+ in \S+ for \S+ until\b/i,
  /\bof (?:ours|theirs)\b/i,
  /\bby us\b/i,
  /\bone['’]s\b/i,
  /\bsomebody\b/i,
  /\b(?:neither|nor) (?:does|do|is|are)\b/i,
  /\bhears? of\b/i,
  /\btells? (?:of|why)\b/i,
  /\bthis page (?:has|says)\b/i,
  /\bthe whole way\b/i,
  /\bgo(?:es)? on (?:dropping|trying)\b/i,
  /\bunder way\b/i,
  /\bto be had\b/i,
  /\bfor want of\b/i,
  /\bgo(?:es)? back\b(?! to)/i,
  /\b(?:puts?|brings?) (?:it |them )?back\b/i,
  /\bby itself\b/i,
  /\ball the same\b/i,
  /\bsome \d/i,
  /\bwhat it should\b/i,
  /\bothers than\b/i,
  /\bstood on\b/i,
  /\btakes? (?:it|them|(?:the|that) line) out\b/i,
  /\bfrom where\b/i,
  /\barrive again\b/i,
  /\bwithout that\b/i,
  /\bone (?:\w+ )?a line\b/i,
  /\bcomma list\b/i,
  /\bpackets? of (?:an?|the|banned) (?:address|attacker|banned)/i,
  /\bin by ssh\b/i,
  /\bwill try again\b/i,
  /\d of `?[aA]-[zZ]/,
  /\bis written;/i,
  /\bhas no right to\b/i,
  /\b(?:block|lines) of sshguard\b/i,
  /\bin a home\b(?! directory)/i,
  /\bcan have no\b/i,
  /\bredirect root\b/i,
  /\bthe last that was\b/i,
  /\bof git\b(?= ?(?:,|:|$| up to))/i,
  /\b(?:claim|ban|network) around (?:it|an)\b/i,
  /\bprotocol of banspool\b/i,
  /\breason of the ban\b/i,
  /\bnames? one: --/i,
  /\ba \w+ of its own\b/i,
];

/** The first words of these in a text; none where it is said well. */
function wrongIn(text: string): readonly string[] {
  return NOT_SAID.flatMap((pattern) => pattern.exec(text)?.[0] ?? []);
}

/** The texts in the code of a file, with `…` for what is put in. */
function literalsOf(code: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isStringLiteralLike(node)) found.push(node.text);
    if (ts.isTemplateExpression(node))
      found.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…'));
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('code.ts', code, ts.ScriptTarget.Latest));
  // A word alone is a key, such as that of `doctor --json`.
  return found.filter((text) => text.includes(' '));
}

function filesIn(folder: string, isMeant: (name: string) => boolean): readonly string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && isMeant(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name).slice(ROOT.length + 1));
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

voice('is kept by every text of the program', () => {
  const wrong = filesIn('src', (name) => name.endsWith('.ts')).flatMap((path) =>
    literalsOf(read(path)).flatMap((text) => wrongIn(text).map((words) => `${path}: ${words}: ${text}`)),
  );

  assert.equal(wrong, []);
});

voice('is kept by the scripts of a server, of packages and of units, but for their comments', () => {
  const scripts = ['action.d', '.ci/deb', '.ci/rpm', '.ci/stage', 'systemd'].flatMap((folder) =>
    filesIn(folder, () => true),
  );
  const wrong = scripts.flatMap((path) =>
    read(path)
      .split('\n')
      .filter((line) => !/^\s*#/.test(line))
      .flatMap((line) => wrongIn(line).map((words) => `${path}: ${words}: ${line}`)),
  );

  assert.ok(scripts.length > 20);
  assert.equal(wrong, []);
});

voice('is kept by the config, the policy, the units, with their comments, and all pages for users', () => {
  const pages = ['README.md', 'CHANGELOG.md', ...filesIn('docs', (name) => name.endsWith('.md'))];
  const files = [
    '.ci/stage/config.yaml',
    'state/policy.yaml',
    'state/README.md',
    ...filesIn('systemd', () => true),
    ...filesIn('action.d', (name) => name.endsWith('.conf')),
    ...pages,
  ];
  const wrong = files.flatMap((path) => wrongIn(read(path)).map((words) => `${path}: ${words}`));

  assert.ok(pages.length > 30);
  assert.equal(wrong, []);
});

voice('is heard: each of what is not said is found', () => {
  const said = [
    ...['; mend: x', 'is let in', 'shut out', 'its time is over', 'nobody’s', 'whoever', 'the truth', 'anew'],
    ...[
      'never gets in',
      'cannot be told',
      'without a word',
      'so does the',
      'is no plain file',
      'looks into sets',
    ],
    ...['all all', 'ban 203.0.113.7 in sshd for web1 until', 'a chain of ours', 'not run by us', 'one’s own'],
    ...[
      'somebody',
      'neither do the rules',
      'hears of it',
      'status tells why',
      'This page has',
      'the whole way',
    ],
    ...['goes on dropping', 'a pass under way', 'to be had', 'for want of it', 'goes back by'],
    ...[
      'holds what it should',
      'by others than root',
      'stood on',
      'take it out',
      'from where you',
      'arrive again',
    ],
    ...['without that the ban'],
    ...['one a line', 'a comma list', 'a packet of a banned address', 'logged in by ssh', 'will try again'],
    ...['1-63 of a-z', 'policy.yaml is written; the next', 'has no right to load', 'a block of sshguard'],
    ...['in a home, which', 'can have no since', 'redirect root', 'the last that was enforced'],
    ...['a merge conflict of git: remove', 'a network around it', 'not a protocol of banspool'],
    ...['reason of the ban', 'or name one: --node', 'in a namespace of its own'],
    ...['puts them back', 'ends by itself', 'stands all the same', 'some 5 minutes'],
  ];

  assert.equal(
    said.map((text) => wrongIn(text).length),
    said.map(() => 1),
  );
  assert.equal(said.length, NOT_SAID.length);
});

voice.run();
