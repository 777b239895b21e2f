import { describe, expect, it } from 'vitest';
import { createLog, createRoomTag } from './log.ts';

describe('the log', () => {
  it('[A-07] drops secrets, names and addresses, however deep', () => {
    let written = '';
    const log = createLog('info', { write: (line) => (written += line) });
    const secrets = { token: 's3cret', invite: 's3cret', name: 's3cret', authorization: 's3cret', address: 's3cret' };
    log.info({ ...secrets, request: { ...secrets, body: secrets }, room: 'kept' }, 'hello');
    expect(written).toContain('kept');
    expect(written).not.toContain('s3cret');
  });

  it('names a room the same way on each relay with that secret, and never by a part of its id', () => {
    const room = 'AbCdEfGhIjKlMnOpQrStUv';
    const tag = createRoomTag('one secret')(room);
    expect(tag).toMatch(/^[\w-]{8}$/);
    expect(createRoomTag('one secret')(room)).toBe(tag);
    expect(createRoomTag('another secret')(room)).not.toBe(tag);
    expect(createRoomTag('one secret')(`${room}w`)).not.toBe(tag);
    expect(room).not.toContain(tag.slice(0, 4));
  });
});
