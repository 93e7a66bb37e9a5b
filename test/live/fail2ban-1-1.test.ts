/** The fail2ban of Debian 13. */
import { testFail2ban } from './fail2ban.ts';

testFail2ban('1.1');
