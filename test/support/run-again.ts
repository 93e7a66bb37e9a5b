/** A program that touches the firewall starts itself again where it can do no harm. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { inNamespaces } from './namespaces.ts';

/**
 * Runs the program of this process once more, in namespaces of its own where these folders alone can be written;
 * resolves with its exit code.
 */
export async function runAgainInNamespaces(writable: readonly string[] = []): Promise<number> {
  const probe = inNamespaces(['true']);
  const { status, stderr } = spawnSync(probe.file, probe.args, { env: probe.env, encoding: 'utf8' });
  if (status !== 0) {
    console.error(`banspool: error: cannot make network namespaces here: ${stderr.trim()}`);
    console.error('banspool: hint: run it as root, or where unprivileged user namespaces are allowed');
    return 1;
  }
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const { file, args, env } = inNamespaces(again, writable);
  // The terminal sends Ctrl-C to both; the one inside decides what it means.
  process.on('SIGINT', () => undefined);
  return exitCodeOf(spawn(file, args, { env, stdio: 'inherit' }));
}

/** Waits for the end; a signal counts as 1. */
export async function exitCodeOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('exit', (exitCode) => {
      resolve(exitCode ?? 1);
    });
  });
}
