/** The fail2ban of Debian 11. */
import { testFail2ban } from './fail2ban.ts';

testFail2ban('0.11');
