import { expect, it } from '@jest/globals';
import { securityPolicy } from './security-policy.ts';

const settings = { nonce: 'abc', development: false, supabaseUrl: undefined };
const directive = (policy: string, name: string) =>
  policy
    .split('; ')
    .find((one) => one.startsWith(`${name} `))
    ?.slice(name.length + 1);

it('lets scripts run by the nonce, and no others', () => {
  const policy = securityPolicy(settings);
  expect(directive(policy, 'script-src')).toBe("'self' 'nonce-abc' 'strict-dynamic'");
  expect(directive(policy, 'script-src-attr')).toBe("'none'");
});

it('lets pages call this very host, and the issuer where people sign in', () => {
  expect(directive(securityPolicy(settings), 'connect-src')).toBe("'self'");
  const supabaseUrl = 'https://project.supabase.co/';
  expect(directive(securityPolicy({ ...settings, supabaseUrl }), 'connect-src')).toBe(
    "'self' https://project.supabase.co",
  );
  expect(directive(securityPolicy({ ...settings, supabaseUrl: 'x; script-src *' }), 'connect-src')).toBe("'self'");
});

it('allows more while it is developed', () => {
  const policy = securityPolicy({ ...settings, development: true });
  expect(directive(policy, 'script-src')).toContain("'unsafe-eval'");
  expect(directive(policy, 'connect-src')).toBe("'self' ws:");
});
