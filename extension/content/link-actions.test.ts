import { afterEach, describe, expect, it, vi } from 'vitest';
import { copyFirstLink } from './link-actions.ts';

afterEach(() => vi.unstubAllGlobals());

describe('the first link of a new party', () => {
  const clipboardOf = (isAllowed: boolean): string[] => {
    const written: string[] = [];
    const writeText = async (text: string): Promise<void> => {
      if (!isAllowed) throw new DOMException('no click', 'NotAllowedError');
      written.push(text);
    };
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    vi.stubGlobal('document', { addEventListener: vi.fn(), removeEventListener: vi.fn(), execCommand: () => false });
    return written;
  };

  it('is copied and told of, and those that come after it are not', async () => {
    const written = clipboardOf(true);
    const tell = vi.fn();
    const copy = copyFirstLink(tell);
    await copy('https://relay/join/a#1');
    await copy('https://relay/join/a#2');
    expect(written).toEqual(['https://relay/join/a#1']);
    expect(tell).toHaveBeenCalledTimes(1);
  });

  it('is not said to be copied where the browser refuses', async () => {
    const written = clipboardOf(false);
    const tell = vi.fn();
    await copyFirstLink(tell)('https://relay/join/a#1');
    expect(written).toEqual([]);
    expect(tell).not.toHaveBeenCalled();
  });
});
