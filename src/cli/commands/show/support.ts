/** `banspool support`: all that somebody needs who helps, in one archive that its sender can look through. */
import { gzipSync } from 'node:zlib';
import { resolve } from 'node:path';
import { readConfig, type Config } from '../../../config/config.ts';
import { cut, UNPRINTABLE } from '../../../domain/printable.ts';
import { countText, numberText } from '../../../domain/words.ts';
import { hostName, isRoot, ownAddresses } from '../../../system/host.ts';
import { BanspoolError, messageOf } from '../../../system/error.ts';
import { requireNone, writeNew } from '../../../system/files/new-file.ts';
import { identityFor } from '../../../system/user.ts';
import { newCommand, type AddCommand } from '../../command.ts';
import { columns, type Io } from '../../io.ts';
import { loadConfig, requireAccess, worldOf } from '../../open-world.ts';
import { cutToFit, gather, type Gathered } from '../../support/gather.ts';
import { findOwnWords } from '../../support/own-words.ts';
import { partsOf } from '../../support/parts.ts';
import { readmeOf } from '../../support/readme.ts';
import { Redactor } from '../../support/redactor.ts';
import { withoutSecrets } from '../../support/secrets.ts';
import { tarOf } from '../../support/tar.ts';

interface Options {
  readonly config: string;
  readonly out?: string;
  readonly redact?: boolean;
  readonly force?: boolean;
}

export const addSupport: AddCommand = (program, { io }) => {
  newCommand(program, 'support', 'write an archive for a bug report: status, doctor, config, rules, log')
    .option('--out <file>', 'the archive (default: banspool-support-TIME.tar.gz in this folder)')
    .option('--redact', 'replace your own addresses and the names of your servers by placeholders')
    .option('--force', 'replace an existing file')
    .addHelpText(
      'after',
      '\nIt contains no private key, no password and no token, and only its owner may read it.' +
        '\nIt sends nothing: look through it before you send it.',
    )
    .action(async (options: Options) => {
      await writeArchive(io, options);
    });
};

async function writeArchive(
  io: Io,
  { config: configPath, out, redact = false, force = false }: Options,
): Promise<void> {
  const world = worldOf(io, await configOrDefaults(io, configPath));
  await requireAccess(world);
  const { config, run, now } = world;
  const name = `banspool-support-${stampOf(now())}`;
  const path = resolve(out ?? `${name}.tar.gz`);
  if (!force) requireNone(path);
  const banspool = [process.execPath, ...process.execArgv, process.argv[1] ?? 'banspool'];
  const gathered = await gather(partsOf({ config, configPath: resolve(configPath), banspool }), {
    run,
    owner: identityFor(config.state),
    beginning: (file) => {
      if (io.isTerminal) io.err(`\r\u001b[Kreading ${file} …`);
    },
  });
  if (io.isTerminal) io.err('\r\u001b[K');
  const redactor = redact ? redactorFor(gathered) : undefined;
  const files = Array.from(gathered.texts, ([file, text]) => ({
    name: file,
    // A placeholder may be longer than what it stands for.
    text: cutToFit(redactor?.redact(file, cutToFit(text)) ?? cutToFit(text)),
  }));
  const all = [{ name: 'README.txt', text: readmeOf({ files, replaced: redactor?.counts }) }, ...files];
  const members = all.map((file) => ({ ...file, name: `${name}/${file.name}` }));
  const archive = gzipSync(tarOf(members, now()));
  await writeNew(path, archive, { replace: force });
  show(
    io,
    all.map(({ name: file, text }) => {
      const failure = gathered.failures.get(file) ?? '';
      return { file, bytes: Buffer.byteLength(text), failure: redactor?.redact(file, failure) ?? failure };
    }),
  );
  io.out(`\n${path}: ${countText(all.length, 'file')}, ${numberText(archive.length)} bytes\n`);
  tellWhatNext(io, path, redactor);
}

/** A config with mistakes is what many reports are about: check.txt has them, and the rest is of the default places. */
async function configOrDefaults(io: Io, path: string): Promise<Config> {
  try {
    return await loadConfig(io, path);
  } catch (error) {
    const defaults = readConfig('');
    if (!(error instanceof BanspoolError) || error.code !== 'config' || defaults.kind !== 'config')
      throw error;
    io.err(
      `banspool: warning: ${withoutSecrets(messageOf(error))}; folders are looked for in their default places\n`,
    );
    return defaults.config;
  }
}

/** Sorts by time, and is no name of a machine. */
function stampOf(now: number): string {
  return new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
}

function redactorFor({ texts }: Gathered): Redactor {
  return new Redactor(findOwnWords(texts, { addresses: ownAddresses(), hostname: hostName() }));
}

interface Row {
  readonly file: string;
  readonly bytes: number;
  readonly failure: string;
}

function show(io: Io, rows: readonly Row[]): void {
  const cells = rows.map(({ file, bytes, failure }) => [
    file,
    numberText(bytes),
    cut(failure.replace(UNPRINTABLE, ' '), MOST_SHOWN),
  ]);
  io.out(columns(io, ['FILE', 'BYTES', 'MISSING'], cells));
}

/** Its file has the whole. */
const MOST_SHOWN = 50;

function tellWhatNext(io: Io, path: string, redactor: Redactor | undefined): void {
  if (!isRoot()) io.err('banspool: warning: only root may read the rules, the log and the keys\n');
  if (redactor === undefined)
    io.err('banspool: it names your servers and your addresses; --redact replaces them by placeholders\n');
  else {
    const kinds = Array.from(redactor.counts, ([kind, count]) => `${count} ${kind}`);
    io.err(`banspool: replaced by placeholders: ${kinds.length === 0 ? 'nothing' : kinds.join(', ')}\n`);
    io.err('banspool: the names of jails, the reasons of bans and the names of chains and interfaces stay\n');
  }
  io.err(`banspool: hint: look through it before you send it: tar -xzOf ${path} | less\n`);
}
