/** Who gave a command, for the history: also where it is root's by sudo, or acts as the owner of the state. */
import { callerIdentity, callerName } from '../../system/user.ts';

/** Of whoever becomes root, and tells as whom he came. */
const BECAME_ROOT = ['SUDO_USER', 'DOAS_USER'] as const;

/** The name of an account. What root's environment says is root's word. */
export function callerOf(env: NodeJS.ProcessEnv): string {
  if (callerIdentity().uid !== 0) return callerName();
  const told = BECAME_ROOT.map((name) => env[name]).find((name) => ACCOUNT.test(name ?? ''));
  return told ?? 'root';
}

/** useradd(8), and what directories add to it. */
const ACCOUNT = /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$/;
