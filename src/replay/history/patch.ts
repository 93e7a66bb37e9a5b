/** Takes apart what git prints of the differences of commits: files, and the lines that went and came. Pure. */

export interface ChangedFile {
  readonly path: string;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** The files of each commit, by its id. */
export function* changesIn(log: string): Generator<readonly [commit: string, files: readonly ChangedFile[]]> {
  for (const record of log.split(/^\0(?=[0-9a-f]{40})/m).slice(1)) {
    const end = record.indexOf('\n');
    const head = end === -1 ? record : record.slice(0, end);
    yield [head, end === -1 ? [] : filesOf(record, end)];
  }
}

/** Of lines of differences all that is needed is how they begin. */
function filesOf(record: string, from: number): readonly ChangedFile[] {
  const files: ChangedFile[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  let isBody = false;
  for (let at = from; at !== -1 && at < record.length;) {
    const start = at + 1;
    at = record.indexOf('\n', start);
    const line = record.slice(start, at === -1 ? undefined : at);
    if (line.startsWith('diff --git ')) {
      [removed, added, isBody] = [[], [], false];
      files.push({ path: pathIn(line), removed, added });
    } else if (line.startsWith('@@')) isBody = true;
    else if (!isBody) continue;
    else if (line.startsWith('-')) removed.push(line.slice(1));
    else if (line.startsWith('+')) added.push(line.slice(1));
  }
  return files;
}

/** Such as `diff --git a/policy.yaml b/policy.yaml`: without renames both are the same. */
function pathIn(line: string): string {
  const names = line.slice('diff --git '.length);
  const half = names.slice((names.length + 1) / 2);
  return half.replace(/^"?b\//, '').replace(/"$/, '');
}
