import { describe, expect, it } from 'vitest';
import { createLog } from './log.ts';

describe('the log', () => {
  it('[A-07] drops secrets, names and addresses, however deep', () => {
    let written = '';
    const log = createLog('info', { write: (line) => (written += line) });
    const secrets = { token: 's3cret', invite: 's3cret', name: 's3cret', authorization: 's3cret', address: 's3cret' };
    log.info({ ...secrets, request: { ...secrets, body: secrets }, room: 'kept' }, 'hello');
    expect(written).toContain('kept');
    expect(written).not.toContain('s3cret');
  });
});
