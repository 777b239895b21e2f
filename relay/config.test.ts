import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

/** As short as they may be. */
const SECRETS = ['abcdefgh'.repeat(4), 'stuvwxyz'.repeat(4)];

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('readConfig', () => {
  it('needs nothing', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      host: '0.0.0.0',
      port: 8787,
      secrets: [],
      publicUrl: null,
      dataDir: '.data',
      socket: 'uws',
      maxMembers: 50,
      identityMs: 3_600_000,
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('reads everything', () => {
    const config = readConfig({
      OSP_HOST: '127.0.0.1',
      OSP_PORT: '0',
      OSP_SECRET: `${SECRETS[0]}, ${SECRETS[1]}`,
      OSP_JELLYFIN_URLS: 'http://jf:8096/, https://jf.example/base/',
      OSP_ALLOWED_ORIGINS: 'chrome-extension://abc/, https://app.test',
      OSP_TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      OSP_PUBLIC_URL: 'https://party.test/relay/',
      OSP_DATA_DIR: '/data',
      OSP_SOCKET: 'ws',
      OSP_LOG_LEVEL: 'debug',
      OSP_MAX_MEMBERS: '500',
      OSP_IDENTITY_MINUTES: '15',
      OSP_METRICS_TOKEN: 'm'.repeat(16),
    });
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 0,
      secrets: SECRETS,
      jellyfinUrls: ['http://jf:8096', 'https://jf.example/base'],
      allowedOrigins: ['chrome-extension://abc', 'https://app.test'],
      publicUrl: 'https://party.test/relay',
      dataDir: '/data',
      socket: 'ws',
      logLevel: 'debug',
      maxMembers: 500,
      identityMs: 900_000,
      metricsToken: 'm'.repeat(16),
    });
    expect(config.trustedProxies.check('10.1.2.3')).toBe(true);
    expect(config.trustedProxies.check('::1', 'ipv6')).toBe(true);
    expect(config.trustedProxies.check('11.0.0.1')).toBe(false);
  });

  it('names everything that is wrong at once, and never the secret', () => {
    const problems = problemsOf({
      OSP_PORT: 'http',
      OSP_SECRET: 'hunter2',
      OSP_JELLYFIN_URLS: 'jellyfin:8096',
      OSP_ALLOWED_ORIGINS: '*',
      OSP_TRUSTED_PROXIES: 'nginx',
      OSP_PUBLIC_URL: 'https://user:pw@party.test',
      OSP_SOCKET: 'tcp',
      OSP_LOG_LEVEL: 'loud',
      OSP_MAX_MEMBERS: 'many',
      OSP_IDENTITY_MINUTES: '0',
      OSP_METRICS_TOKEN: 'a key of spaces',
    });
    const variables = problems.map((problem) => problem.split(' ')[0]).sort();
    expect(variables).toEqual([
      'OSP_ALLOWED_ORIGINS',
      'OSP_IDENTITY_MINUTES',
      'OSP_JELLYFIN_URLS',
      'OSP_LOG_LEVEL',
      'OSP_MAX_MEMBERS',
      'OSP_METRICS_TOKEN',
      'OSP_PORT',
      'OSP_PUBLIC_URL',
      'OSP_SECRET',
      'OSP_SOCKET',
      'OSP_TRUSTED_PROXIES',
    ]);
    expect(problems.join()).not.toContain('hunter2');
  });

  it.each([
    ['a second short secret', { OSP_SECRET: `${SECRETS[0]},short` }],
    ['three secrets', { OSP_SECRET: ['a', 'b', 'c'].map((letter) => letter + SECRETS[0]).join() }],
    ['a port out of range', { OSP_PORT: '65536' }],
    ['a range too wide', { OSP_TRUSTED_PROXIES: '10.0.0.0/33' }],
    ['a null origin', { OSP_ALLOWED_ORIGINS: 'null' }],
  ])('refuses %s', (_, env) => {
    expect(problemsOf(env as unknown as Record<string, string>)).toHaveLength(1);
  });
});
