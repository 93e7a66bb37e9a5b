import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/domain/net.ts';
import { allowedByText, whyIgnoredText } from '../../src/policy/why-ignored.ts';

const ignored = suite('why a claim is not enforced');

ignored('is told with the line of the policy, or the limit', () => {
  const by = { code: 'policy', line: 3, note: 'office' } as const;

  assert.equal(
    [
      whyIgnoredText({ code: 'allowed', net: netOf('192.0.2.0/24'), by }),
      whyIgnoredText({ code: 'too-wide', widest: 24, server: 'web1' }),
      whyIgnoredText({ code: 'jail-not-listed', server: 'web1', jail: 'sshd', jails: ['web', 'smtp'] }),
      whyIgnoredText({ code: 'jail-not-listed', server: 'fw2/web1', jail: 'sshd', jails: [] }),
      whyIgnoredText({ code: 'too-long', server: 'web1' }),
      whyIgnoredText({ code: 'too-wide', widest: 24, server: 'fw2/web1' }),
    ],
    [
      'inside 192.0.2.0/24, which is allowed: policy.yaml line 3 (office)',
      'wider than /24, the limit of web1 in policy.yaml',
      'policy.yaml does not allow web1 to use the jail sshd (jails: web, smtp)',
      'policy.yaml does not allow the peer fw2 to use the jail sshd (jails: none)',
      'longer than the longest ban that policy.yaml allows web1',
      'wider than /24, the limit of the peer fw2 in policy.yaml',
    ],
  );
  assert.is(allowedByText({ ...by, note: undefined }), 'policy.yaml line 3');
  assert.is(allowedByText({ code: 'own-address' }), "the firewall's own address");
});

ignored.run();
