/** Holds an operator's intent against what the controller will say to it, so that it is refused while he looks on. */
import type { Preview } from '../pass/preview.ts';
import { formatIntent } from '../intent/format.ts';
import type { BanIntent, UnbanIntent } from '../intent/intent.ts';
import { parseIntent } from '../intent/parse.ts';
import { refusalText } from '../domain/refusals.ts';
import { OPERATOR } from '../domain/names.ts';
import { Quota } from '../policy/quota.ts';
import { Census } from '../policy/census.ts';
import { BanspoolError } from '../system/error.ts';

/** Throws when the next pass would refuse it; `address` is as it was typed. */
export function checkIntent(
  intent: BanIntent | UnbanIntent,
  address: string,
  { inputs: { services, policy }, state }: Pick<Preview, 'inputs' | 'state'>,
): void {
  const parsed = parseIntent(Buffer.from(formatIntent(intent)), { services, operator: true });
  const quota = new Quota({ state, policy, census: new Census() });
  const refusal = parsed.kind === 'refused' ? parsed.refusal : quota.refusalOf(OPERATOR, parsed.intent);
  if (refusal === undefined) return;
  throw new BanspoolError('usage', `"${address}" cannot be ${intent.intent}ned: ${refusalText(refusal)}`, {
    hint: 'nothing was written: the next pass would refuse it',
  });
}
