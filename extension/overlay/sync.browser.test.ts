import type { Page } from '@playwright/test';
import { describe, expect, it } from 'vitest';
import type { PartyView } from './model.ts';
import { violations } from './testing/axe.ts';
import { benchOfFile, PHONE, SHOTS } from './testing/bench.ts';

const bench = benchOfFile();
let page: Page;

async function open(state: string, prepare?: (blank: Page) => Promise<void>): Promise<void> {
  page = await bench.openState(state, {}, prepare);
}

const actions = () => page.evaluate(() => window.harness.actions);
const person = (name: string) => page.getByRole('listitem').filter({ hasText: name });
const unfold = () => page.getByRole('button', { name: /^Timing/ }).click();

/** A page function: the panel's scrolled part shows all of the element. */
function isInSight(element: Element): boolean {
  const shown = element.closest('.body')?.getBoundingClientRect();
  const own = element.getBoundingClientRect();
  return shown !== undefined && own.top >= shown.top && own.bottom <= shown.bottom;
}

/** Changes the party as a message of the relay does. */
const change = (part: Partial<PartyView>) =>
  page.evaluate((changed) => {
    const { screen } = window.harness.model;
    if (screen.value.state !== 'party') throw new Error('no party is shown');
    screen.value = { state: 'party', party: { ...screen.value.party, ...changed } };
  }, part);

describe('a row', () => {
  it('shows the offset with its bound and how it went, in words too', async () => {
    await open('party');
    expect(await person('Ana').textContent()).toContain('0 ±2 ms');
    expect(await person('Ben').textContent()).toContain('−4 ±13 ms');
    const plot = person('Ben').getByRole('img');
    expect(await plot.getAttribute('aria-label')).toMatch(/^Last two minutes: from 480 ms behind to 4 ms ahead$/);
    expect(await person('Ben').locator('.plot-line').getAttribute('d')).toMatch(/^M.*L.*M.*L/);
  });

  it('moves nothing when its number, its word or its plot changes', async () => {
    await open('party-every-state');
    const boxes = () =>
      page.locator('.person, .person .state, .person .offset, .plot').evaluateAll((elements) =>
        elements.map((element) => {
          const { x, y, width, height } = element.getBoundingClientRect();
          return [element.classList[0], x, y, element.matches('.offset') ? 0 : width, height].join(' ');
        }),
      );
    const before = (await boxes()).filter((box) => !box.startsWith('offset'));
    await page.evaluate(() => {
      const { screen } = window.harness.model;
      if (screen.value.state !== 'party') return;
      const members = screen.value.party.members.map((member) => ({
        ...member,
        offsetMs: member.offsetMs === null ? null : -987,
        errorMs: 188,
        offsets: member.offsets.map(({ atMs }) => ({ atMs, offsetMs: 400 })),
      }));
      screen.value = { state: 'party', party: { ...screen.value.party, members } };
    });
    await page.getByText('−987 ±188 ms').first().waitFor();
    expect((await boxes()).filter((box) => !box.startsWith('offset'))).toEqual(before);
    const spills = await page
      .locator('.offset')
      .evaluateAll((elements) => elements.filter((element) => element.scrollWidth > element.clientWidth).length);
    expect(spills).toBe(0);
  });

  it('draws only the plot that has news', async () => {
    await open('party');
    const changed = await page.evaluate(async () => {
      const seen: string[] = [];
      const root = document.querySelector('#opensyncparty')?.shadowRoot;
      const { screen } = window.harness.model;
      if (!root || screen.value.state !== 'party') throw new Error('no party is shown');
      new MutationObserver((records) => {
        for (const { target } of records) {
          if (target instanceof Element && target.matches('.plot-line')) {
            seen.push(target.closest('.person')?.querySelector('.name')?.textContent ?? '');
          }
        }
      }).observe(root, { subtree: true, attributes: true });
      const members = screen.value.party.members.map((member) =>
        member.name === 'Ben' ? { ...member, offsets: [...member.offsets, { atMs: 123_000, offsetMs: 1 }] } : member,
      );
      screen.value = { state: 'party', party: { ...screen.value.party, members } };
      await new Promise((resolve) => setTimeout(resolve, 50));
      return seen;
    });
    expect(changed).toEqual(['Ben']);
  });

  it('says why somebody is not in step, and lets only this person catch up', async () => {
    await open('party-every-reason');
    expect(await person('Ben').textContent()).toContain('Bluetooth or TV delay?');
    expect(await person('Chi').textContent()).toContain('Slow stream');
    expect(await person('Dora').textContent()).toContain('In sync');
    expect(await person('Émile').textContent()).toContain('Can’t keep in step');
    expect(await page.getByRole('button', { name: 'Catch up' }).count()).toBe(1);
    await person('Ana').getByRole('button', { name: 'Catch up' }).click();
    expect(await actions()).toEqual(['catchUp']);
  });
});

describe('another version of the film', () => {
  it('is set by a little and by much, by buttons and by keys, and back', async () => {
    await open('party-own-cut');
    await page.getByRole('button', { name: /^Your version of this film/ }).click();
    const value = page.getByRole('spinbutton', { name: 'How much later the film is in your version' });
    expect(await value.getAttribute('aria-valuetext')).toBe('+12.5 s');
    await page.getByRole('button', { name: 'Your version: 500 ms later' }).click();
    await page.getByRole('button', { name: '10 s earlier', exact: true }).click();
    await value.press('ArrowDown');
    await value.press('PageUp');
    await page.getByRole('button', { name: 'Your version: like the others’' }).click();
    expect(await actions()).toEqual(['setCut 13000', 'setCut 2500', 'setCut 12000', 'setCut 22500', 'setCut 0']);
  });

  it('is nothing that anybody sees who has the same one', async () => {
    await open('party-roles');
    expect(await page.getByText('Your version of this film').count()).toBe(0);
  });
});

describe('a wait', () => {
  it('counts down, and offers to go on once it has lasted a second', async () => {
    await open('pill-in-sync', (blank) => blank.clock.install({ time: 0 }));
    await page.clock.pauseAt(60_000);
    const now = await page.evaluate(() => performance.now());
    await change({ wait: { names: ['Ben'], you: false, sinceMs: now, endsAtMs: now + 30_000, next: null } });
    const pill = page.getByRole('button', { name: 'Waiting for Ben' });
    const goOn = page.getByRole('button', { name: 'Go on without Ben' });
    await expect.poll(() => pill.textContent()).toBe('Waiting for Ben, up to 30 s');
    expect(await goOn.count()).toBe(0);
    await page.clock.runFor(1_200);
    await expect.poll(() => pill.textContent()).toBe('Waiting for Ben, up to 29 s');
    await goOn.click();
    await page.clock.runFor(10_000);
    await expect.poll(() => pill.textContent()).toBe('Waiting for Ben, up to 19 s');
    await page.clock.runFor(30_000);
    await expect.poll(() => pill.textContent()).toBe('Waiting for Ben');
    expect(await actions()).toEqual(['goOn']);
  });

  it('offers the same in the panel, in words that fit who is waited for', async () => {
    await open('party-waiting');
    await page.getByText(/^Waiting for Ben, up to \d+ s$/).waitFor();
    await page.getByRole('button', { name: 'Go on without Ben' }).click();
    const far = { you: false, sinceMs: 0, endsAtMs: 1e9, next: null };
    await change({ wait: { ...far, names: ['Ben', 'Cleo'] } });
    await page.getByRole('button', { name: 'Go on without Ben and Cleo' }).waitFor();
    await change({ wait: { ...far, names: [], you: true } });
    await page.getByRole('button', { name: 'Go on without waiting' }).waitFor();
    expect(await actions()).toEqual(['goOn']);
  });
});

describe('the countdown to the next item', () => {
  it('[T-15] offers to start now and to stay, then waits for who is late', async () => {
    await open('pill-in-sync', (blank) => blank.clock.install({ time: 0 }));
    await page.clock.pauseAt(60_000);
    const now = await page.evaluate(() => performance.now());
    const next = { title: 'E3', startsAtMs: now + 5_000 };
    await change({ wait: { names: ['Ben'], you: false, sinceMs: now, endsAtMs: now + 12_000, next } });
    const pill = page.getByRole('button', { name: /^(Next|Waiting)/ });
    await expect.poll(() => pill.textContent()).toBe('Next: E3 in 5 s');
    await page.clock.runFor(1_200);
    await expect.poll(() => pill.textContent()).toBe('Next: E3 in 4 s');
    await page.getByRole('button', { name: 'Play now' }).click();
    await page.getByRole('button', { name: 'Not yet' }).click();
    await page.clock.runFor(4_000);
    await expect.poll(() => pill.textContent()).toBe('Waiting for Ben, up to 7 s');
    expect(await page.getByRole('button', { name: 'Not yet' }).count()).toBe(0);
    expect(await actions()).toEqual(['playNow', 'stay']);
  });
});

describe('the queue', () => {
  it('[Q-01] is ordered, voted in and added to, each by its own button, titles as they are', async () => {
    await open('party-queue');
    const rows = page.locator('.queued');
    expect(await rows.count()).toBe(3);
    expect(await rows.nth(2).textContent()).toContain('<b>Tears</b> of Steel');
    expect(await page.getByRole('button', { name: /^Vote for The Long/ }).getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('button', { name: /^Vote for Sintel/ }).click();
    await page.getByRole('button', { name: 'Move Sintel up' }).click();
    await page.getByRole('button', { name: 'Take Sintel out of the queue' }).click();
    await page.getByRole('button', { name: 'Add to queue' }).click();
    expect((await actions()).map((action) => action.replace(/^queue /, ''))).toEqual([
      '{"kind":"queue-vote","entry":"q2","up":true}',
      '{"kind":"queue-move","entry":"q2","to":0}',
      '{"kind":"queue-remove","entry":"q2"}',
      expect.stringContaining('"kind":"queue-add"'),
    ]);
  });

  it('[Q-01] lets who may not order it take out only what is their own', async () => {
    await open('party-queue-guest');
    expect(await page.getByRole('button', { name: /^Move/ }).count()).toBe(0);
    expect(await page.getByRole('button', { name: /out of the queue$/ }).count()).toBe(1);
  });
});

describe('the choice of how long to wait', () => {
  it('shows what the room does, and asks for another by pointer or key', async () => {
    await open('party');
    expect(await page.getByRole('button', { name: /^Timing/ }).textContent()).toContain('waits up to 30 s');
    await unfold();
    const chosen = page.getByRole('radio', { checked: true });
    expect(await chosen.textContent()).toBe('Wait up to 30 s');
    await chosen.focus();
    await page.keyboard.press('ArrowRight');
    expect(await actions()).toEqual(['measureSoundDelay']);
    await page.keyboard.press('Enter');
    await page.getByRole('radio', { name: 'Don’t wait' }).click();
    expect(await actions()).toEqual(['measureSoundDelay', 'setWait 60000', 'setWait 0']);
    await change({ waitMs: 0 });
    expect(await chosen.textContent()).toBe('Don’t wait');
    await change({ waitMs: 20_000 });
    expect(await chosen.textContent()).toBe('Wait up to 20 s');
    expect(await page.getByRole('radio').count()).toBe(5);
  });
});

describe('the sound delay', () => {
  const value = () => page.getByRole('spinbutton', { name: 'Sound delay' });

  it('goes in steps by button and key, ends at its limits and goes back to none', async () => {
    await open('party');
    await unfold();
    await page.getByRole('button', { name: 'Sound delay: 5 ms more' }).click();
    await value().press('ArrowUp');
    await value().press('ArrowLeft');
    await value().press('PageUp');
    expect(await value().textContent()).toBe('+55 ms');
    for (let press = 0; press < 10; press += 1) await value().press('PageUp');
    expect(await value().getAttribute('aria-valuenow')).toBe('500');
    await page.getByRole('button', { name: 'Sound delay: back to none' }).click();
    await page.getByRole('button', { name: 'Sound delay: 5 ms less' }).press('Enter');
    expect(await value().getAttribute('aria-valuetext')).toBe('−5 ms');
    const set = (await actions()).filter((action) => action.startsWith('setSoundDelay'));
    expect(set.slice(0, 4)).toEqual(['setSoundDelay 5', 'setSoundDelay 10', 'setSoundDelay 5', 'setSoundDelay 55']);
    expect(set.slice(-3)).toEqual(['setSoundDelay 500', 'setSoundDelay 0', 'setSoundDelay -5']);
  });

  it('asks the browser only when it is unfolded, and offers what is worth a word', async () => {
    await open('party');
    await page.evaluate(() => {
      window.harness.soundDelayMs = 182.4;
    });
    expect(await actions()).toEqual([]);
    await unfold();
    await page.getByText('Your sound seems to come out about 180 ms late (Bluetooth?).').waitFor();
    await page.getByRole('button', { name: 'Use 180 ms' }).focus();
    await page.screenshot({ path: `${SHOTS}timing-offer-dark-wide.png` });
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Use 180 ms' }).click();
    expect(await value().textContent()).toBe('+180 ms');
    expect(await page.getByRole('button', { name: 'Use 180 ms' }).count()).toBe(0);
    expect(await actions()).toEqual(['measureSoundDelay', 'setSoundDelay 180']);
  });

  it('says nothing of a device that is as quick as most', async () => {
    await open('party');
    await page.evaluate(() => {
      window.harness.soundDelayMs = 45;
    });
    await unfold();
    await value().waitFor();
    expect(await page.getByText('Your sound seems').count()).toBe(0);
  });
});

describe('the unfolded part', () => {
  for (const theme of ['dark', 'light']) {
    it(`(${theme}) has no accessibility violation, large targets, and stays inside a small window`, async () => {
      await open(`party/${theme}`);
      await unfold();
      // Unfolded into sight, not below what is seen.
      expect(await page.getByRole('spinbutton').evaluate(isInSight)).toBe(true);
      await page.screenshot({ path: `${SHOTS}timing-${theme}-wide.png` });
      expect(await violations(page)).toEqual([]);
      const sizes = await page.locator('.folded :is(button, [role=spinbutton])').evaluateAll((elements) =>
        elements.map((element) => {
          const { width, height } = element.getBoundingClientRect();
          return Math.min(width, height);
        }),
      );
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(40);
      await page.setViewportSize(PHONE);
      await page.getByRole('radio', { checked: true }).focus();
      await page.keyboard.press('ArrowRight');
      await page.screenshot({ path: `${SHOTS}timing-${theme}-tall.png` });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
    });
  }

  it('is not what the panel puts the focus on', async () => {
    await open('party');
    await page.keyboard.press('Shift+W');
    await page.keyboard.press('Shift+W');
    await expect
      .poll(() => page.getByRole('button', { name: 'Copy invite link' }).evaluate((it) => it.matches(':focus')))
      .toBe(true);
  });
});

describe('links', () => {
  it('says what the link allows, and lists the links to take back or make', async () => {
    await open('party');
    await page.getByText(/^Until .* for 50 people/).waitFor();
    await page.getByRole('button', { name: 'Links' }).click();
    await page.getByText('A link from Ben').waitFor();
    expect(await page.getByText('2 of 5 used').count()).toBe(1);
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: `${SHOTS}party-links-wide.png` });
    await page.getByRole('button', { name: 'Take back' }).nth(1).click();
    await page.getByRole('radio', { name: '5 people' }).click();
    await page.getByRole('radio', { name: '12 h' }).click();
    await page.getByRole('checkbox', { name: /poster/ }).uncheck();
    await page.getByRole('button', { name: 'Make this link' }).click();
    expect(await actions()).toEqual(['revokeInvite "l1"', 'makeInvite {"uses":5,"ttlMs":43200000,"poster":false}']);
  });

  it('makes a code to read aloud', async () => {
    await open('party');
    await page.getByRole('button', { name: 'Code', exact: true }).click();
    await page.getByRole('button', { name: 'Make a code' }).click();
    await page.getByRole('status').getByText('0413 7725').waitFor();
    await page.getByText('party.example.org/join').waitFor();
    await page.screenshot({ path: `${SHOTS}party-code-wide.png` });
  });
});
