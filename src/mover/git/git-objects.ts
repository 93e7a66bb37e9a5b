/** Writes the input of git, and parses its output. Pure. */

/** A file of a published tree. */
export interface TreeFile {
  /** Such as `ipv4/203.yaml`. */
  readonly path: string;
  readonly id: string;
}

interface CommitOptions {
  readonly ref: string;
  readonly name: string;
  /** In milliseconds since 1970. */
  readonly time: number;
  /** The parent commit; undefined begins a new root, which holds only these files. */
  readonly parent: string | undefined;
  readonly files: ReadonlyMap<string, string>;
  readonly gone: readonly string[];
}

/** The input from which `git fast-import` makes one commit. */
export function importText({ ref, name, time, parent, files, gone }: CommitOptions): string {
  const lines = [
    ...(parent === undefined ? [`reset ${ref}`, ''] : []),
    `commit ${ref}`,
    `committer ${name} <${name}@banspool> ${Math.floor(time / 1000)} +0000`,
    data(`published by ${name}`),
    ...(parent === undefined ? [] : [`from ${parent}`]),
    ...gone.map((path) => `D ${path}`),
    ...Array.from(files, ([path, text]) => `M 100644 inline ${path}\n${data(text)}`),
  ];
  return `${lines.join('\n')}\n\n`;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

/** The plain files of one folder in the output of `git ls-tree -z`; skips everything else. */
export function filesIn(listed: string, folder = ''): readonly TreeFile[] {
  return entriesIn(listed).flatMap(({ mode, type, id, name }) =>
    mode === '100644' && type === 'blob' ? [{ path: `${folder}${name}`, id }] : [],
  );
}

/** True if the folder exists. */
export function hasFolder(listed: string, folder: string): boolean {
  return entriesIn(listed).some(({ type, name }) => type === 'tree' && name === folder);
}

interface Entry {
  readonly mode: string;
  readonly type: string;
  readonly id: string;
  readonly name: string;
}

function entriesIn(listed: string): readonly Entry[] {
  return listed.split('\0').flatMap((line) => {
    const [, mode = '', type = '', id = '', name = ''] =
      /^(\d{6}) (\w+) ([0-9a-f]{40,64})\t(.*)$/s.exec(line) ?? [];
    return mode === '' ? [] : [{ mode, type, id, name }];
  });
}

/**
 * The texts in the output of `git cat-file --batch`, by id. It skips objects that are missing because they were too
 * large to be fetched, and everything after a text that is not UTF-8.
 */
export function textsIn(answer: string): ReadonlyMap<string, string> {
  const bytes = Buffer.from(answer);
  const texts = new Map<string, string>();
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf('\n', at);
    if (end === -1) break;
    const head = bytes.toString('latin1', at, end);
    const [, id = '', size] = /^([0-9a-f]{40,64}) blob (\d+)$/.exec(head) ?? [];
    if (size === undefined) {
      if (!head.endsWith(' missing')) break;
      at = end + 1;
      continue;
    }
    const begin = end + 1;
    const after = begin + Number(size);
    // The newline after the last text may have been cut off.
    if (after > bytes.length || (after < bytes.length && bytes[after] !== NEWLINE)) break;
    texts.set(id, bytes.toString('utf8', begin, after));
    at = after + 1;
  }
  return texts;
}

const NEWLINE = 0x0a;

/** The branches of firewalls, by name, as `git for-each-ref` lists them: `COMMIT REF`. */
export function branchesIn(listed: string): ReadonlyMap<string, string> {
  const branches = new Map<string, string>();
  for (const line of listed.split('\n')) {
    const [, commit, name] =
      /^([0-9a-f]{40,64}) refs\/peers\/([a-z0-9][a-z0-9.-]{0,62})\/claims$/.exec(line) ?? [];
    if (commit !== undefined && name !== undefined) branches.set(name, commit);
  }
  return branches;
}

/**
 * The reason in git's error output. Messages of ssh or the hub come before git's own; advice follows it. Lines of ssh
 * end with a carriage return, too.
 */
export function failureIn(stderr: string, exitCode: number): string {
  const lines = stderr.split(/[\r\n]+/).filter((line) => line.trim() !== '');
  const own = lines.find((line) => /^(?:fatal|error): /.test(line));
  const others = lines.find(
    (line) => /^(?:ssh|remote|kex_\w+|banspool)\b.*: /.test(line) || line.includes('Permission denied'),
  );
  const refused = lines.find((line) => line.includes('[remote rejected]'))?.trim();
  // The door hides all branches but the one of the key.
  const isOthers = refused?.includes('hidden ref') === true;
  const said = isOthers ? `${refused}: the hub has another name for this ssh key` : refused;
  return others ?? said ?? own ?? lines.at(-1) ?? `exit ${exitCode}`;
}
