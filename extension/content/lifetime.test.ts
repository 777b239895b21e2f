import { fakeBrowser } from '@webext-core/fake-browser';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { claimPage } from './lifetime.ts';

/** Events are all that a life needs of a page. */
const aPage = (): Document =>
  Object.assign(new EventTarget(), { defaultView: new EventTarget() }) as unknown as Document;

const claim = (document: Document, runtime: { id?: string }, onOrphaned = (): void => undefined) =>
  claimPage({ document, runtime, onOrphaned });

beforeEach(() => fakeBrowser.reset());

describe('claimPage', () => {
  it('[peer R-52] ends the older script of the same extension in the same page', () => {
    const document = aPage();
    const old = claim(document, fakeBrowser.runtime);
    expect(old?.signal.aborted).toBe(false);
    const young = claim(document, fakeBrowser.runtime);
    expect(old?.signal.aborted).toBe(true);
    expect(young?.signal.aborted).toBe(false);
  });

  it('leaves another page and another extension alone', () => {
    const document = aPage();
    const mine = claim(document, { id: 'store' });
    claim(aPage(), { id: 'store' });
    claim(document, { id: 'development' });
    expect(mine?.signal.aborted).toBe(false);
  });

  it.each(['visibilitychange', 'focus'])('tells once that it is an orphan when the page is looked at (%s)', (event) => {
    const document = aPage();
    const runtime: { id?: string } = { id: fakeBrowser.runtime.id };
    const onOrphaned = vi.fn();
    const life = claim(document, runtime, onOrphaned);
    const target = event === 'focus' ? document.defaultView : document;
    target?.dispatchEvent(new Event(event));
    expect(onOrphaned).not.toHaveBeenCalled();
    delete runtime.id;
    target?.dispatchEvent(new Event(event));
    target?.dispatchEvent(new Event(event));
    expect(onOrphaned).toHaveBeenCalledTimes(1);
    expect(life?.signal.aborted).toBe(false);
  });

  it('does not begin in an orphan', () => {
    expect(claim(aPage(), {})).toBeNull();
  });
});
