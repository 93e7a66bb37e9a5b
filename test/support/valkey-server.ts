/** A real server of the lab, on the loopback of a test's own namespace. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { treeOf } from '../lab/layers.ts';
import { Child } from './child.ts';
import { eventually } from './eventually.ts';
import { requirePrivateNetwork } from './namespaces.ts';
import { outputOf, runProgram } from './run-program.ts';

/** As Debian has them: the tree, the program, and the configuration that comes with it. */
const RELEASES = {
  'Redis 7.0': { tree: 'redis-bookworm', name: 'redis' },
  'Valkey 8.1': { tree: 'valkey-trixie', name: 'valkey' },
} as const;

export type ValkeyRelease = keyof typeof RELEASES;

/** Those that can be had here. */
export function valkeyReleases(): readonly ValkeyRelease[] {
  return (Object.keys(RELEASES) as ValkeyRelease[]).filter((release) => {
    try {
      return existsSync(treeOf(RELEASES[release].tree));
    } catch {
      return false;
    }
  });
}

/** Each server of a test has another one. */
let lastPort = 6400;

export class ValkeyServerProcess implements AsyncDisposable {
  readonly port = (lastPort += 1);
  readonly folder = mkdtempSync(join(tmpdir(), 'banspool-valkey-'));
  readonly release: ValkeyRelease;
  #child: Child | undefined;
  /** Of who may everything, where not everyone may. */
  #login: readonly string[] = [];

  private constructor(release: ValkeyRelease) {
    requirePrivateNetwork();
    this.release = release;
  }

  /** Starts one with Debian's configuration, and with these lines after it. */
  static async start(release: ValkeyRelease, lines: readonly string[] = []): Promise<ValkeyServerProcess> {
    const server = new ValkeyServerProcess(release);
    mkdirSync(join(server.folder, 'data'));
    server.configure(lines);
    await server.start();
    return server;
  }

  /** The same of one whose users are in a file, which gets an administrator. */
  static async startWithUsers(
    release: ValkeyRelease,
    { path, lines }: { readonly path: string; readonly lines: readonly string[] },
  ): Promise<ValkeyServerProcess> {
    const server = new ValkeyServerProcess(release);
    mkdirSync(join(server.folder, 'data'));
    appendFileSync(path, 'user admin on >admin ~* &* +@all\n');
    server.#login = ['--user', 'admin', '--pass', 'admin', '--no-auth-warning'];
    server.configure([...lines, `port ${server.port}`, `aclfile ${path}`]);
    await server.start();
    return server;
  }

  configure(lines: readonly string[]): void {
    const { tree, name } = RELEASES[this.release];
    const debian = readFileSync(join(treeOf(tree), 'etc', name, `${name}.conf`), 'utf8');
    const own = [
      // To that folder it goes at once, whatever comes after it.
      debian.replace(/^dir .*$/m, ''),
      ...[`port ${this.port}`, 'bind 127.0.0.1', 'daemonize no', 'logfile ""', 'pidfile ""'],
      `dir ${join(this.folder, 'data')}`,
    ];
    writeFileSync(this.#configPath, `${[...own, ...lines].join('\n')}\n`);
  }

  async start(): Promise<void> {
    const child = new Child([...this.#program('server'), this.#configPath]);
    this.#child = child;
    const ended = child.ended.then((how) => {
      throw new Error(`the server ended: ${how}: ${child.stdout}${child.stderr}`);
    });
    await Promise.race([eventually(() => this.cli('PING')), ended]);
    // From here on a test may end it.
    ended.catch(() => undefined);
  }

  /** The signal ends it, or stops it, or has it go on. */
  signal(signal: NodeJS.Signals): void {
    this.#child?.process.kill(signal);
  }

  async kill(): Promise<void> {
    await this.#child?.stop('SIGKILL');
  }

  /** What it answers to a person who may everything. */
  async cli(...words: readonly string[]): Promise<string> {
    const said = await outputOf([
      ...this.#program('cli'),
      ...this.#login,
      '-e',
      '-p',
      String(this.port),
      ...words,
    ]);
    return said.trimEnd();
  }

  /** Has a key hold any bytes. */
  async put(key: string, value: string | Buffer): Promise<void> {
    const bytes = Array.from(Buffer.from(value), (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(
      '',
    );
    await this.type(`SET ${key} "${bytes}"`);
  }

  /** The same as {@link cli} of lines. */
  async type(lines: string): Promise<void> {
    const { code, stdout } = await runProgram(
      [...this.#program('cli'), ...this.#login, '-e', '-p', String(this.port)],
      {
        input: `${lines}\n`,
      },
    );
    if (code !== 0) throw new Error(stdout);
  }

  get #configPath(): string {
    return join(this.folder, 'server.conf');
  }

  /** On the libraries of its own release. */
  #program(kind: 'server' | 'cli'): readonly string[] {
    const { tree, name } = RELEASES[this.release];
    const root = treeOf(tree);
    const files = readdirSync(join(root, 'usr/lib'), { recursive: true, encoding: 'utf8' });
    const loader = files.find((file) => /\/ld-linux[^/]*\.so\.\d+$/.test(file)) ?? '';
    const path = join(root, 'usr/lib', loader);
    return [path, '--library-path', dirname(path), join(root, 'usr/bin', `${name}-${kind}`)];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child?.[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
