/** Tells when the policy drops somebody who is logged in: an edit by hand, unlike a command, asks nobody first. */
import type { Conclusion } from '../desired/conclude.ts';
import type { Policy } from '../policy/policy.ts';
import { lockouts } from '../policy/lockout.ts';
import { lockoutWords } from '../policy/lockout-words.ts';
import type { Problem } from '../domain/conditions.ts';
import type { PassKind } from '../domain/pass-kind.ts';
import type { World } from '../world/world.ts';

interface LookOptions {
  readonly kind: PassKind;
  readonly policy: Policy;
  readonly conclusion: Pick<Conclusion, 'deny' | 'allowed'>;
}

export class LockoutWatch {
  readonly #world: Pick<World, 'findSessions'>;
  /** As last looked up, and by which policy. */
  #known: { readonly policy: Policy; readonly problems: readonly Problem[] } | undefined;

  constructor(world: Pick<World, 'findSessions'>) {
    this.#world = world;
  }

  /**
   * Each such address as a problem, for as long as it is so; whoever a claim drops is none. Sessions are looked up by a
   * program: where the policy is the same, a quick pass goes by what the last one found.
   */
  async problems({ kind, policy, conclusion }: LookOptions): Promise<readonly Problem[]> {
    if (kind === 'quick' && this.#known?.policy === policy) return this.#known.problems;
    const problems = policy.deny.length === 0 ? [] : await this.#look(conclusion);
    this.#known = { policy, problems };
    return problems;
  }

  async #look({ deny, allowed }: LookOptions['conclusion']): Promise<readonly Problem[]> {
    const sessions = await this.#world.findSessions().catch(() => []);
    // Names ahead of `you`: others read it in status.
    return lockouts([...sessions].reverse(), { after: { deny, allowed, enforced: [] } }).map((lockout) => {
      const { what, fix } = lockoutWords(lockout);
      return { condition: 'NobodyLockedOut', reason: 'PolicyDenies', message: `${what}; fix: ${fix}` };
    });
  }
}
