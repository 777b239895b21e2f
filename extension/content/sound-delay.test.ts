import { describe, expect, it } from 'vitest';
import { SoundDelay } from './sound-delay.ts';

/** A storage whose writes end when the test says so. */
function bench() {
  const heard: number[] = [];
  const saved: number[] = [];
  const answers: (number | null)[] = [];
  const measured: number[] = [];
  const broken: Error[] = [];
  let finish: () => void = () => undefined;
  const delay = new SoundDelay({
    onChange: (ms) => heard.push(ms),
    save: (ms) => {
      saved.push(ms);
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    },
    measure: () => (broken.length > 0 ? Promise.reject(broken.pop()) : Promise.resolve(answers.shift() ?? null)),
    onMeasured: (ms) => measured.push(ms),
  });
  const written = async () => {
    finish();
    await new Promise(setImmediate);
  };
  return { delay, heard, saved, written, answers, measured, broken };
}

describe('SoundDelay', () => {
  it('tells of each change, in steps of 5 ms and within 500', () => {
    const { delay, heard } = bench();
    for (const ms of [5, 5, 12, 9_999, -9_999, Number.NaN]) delay.choose(ms);
    expect(heard).toEqual([5, 10, 500, -500, 0]);
  });

  it('saves one at a time, and the latest last', async () => {
    const { delay, saved, written } = bench();
    for (const ms of [5, 10, 15, 20]) delay.choose(ms);
    expect(saved).toEqual([5]);
    await written();
    expect(saved).toEqual([5, 20]);
    await written();
    delay.choose(25);
    expect(saved).toEqual([5, 20, 25]);
  });

  it('follows storage, but not the echo of an older value while a newer one is on its way', async () => {
    const { delay, heard, written } = bench();
    delay.stored(180);
    delay.choose(185);
    delay.choose(190);
    delay.stored(185);
    expect(heard).toEqual([180, 185, 190]);
    await written();
    await written();
    delay.stored(40);
    expect(delay.ms).toBe(40);
  });

  it('remembers what the browser says of this device, and keeps it when it cannot tell', async () => {
    const { delay, answers, measured, heard } = bench();
    answers.push(180, null);
    expect(delay.measuredMs).toBe(0);
    expect(await delay.measure()).toBe(180);
    expect(await delay.measure()).toBeNull();
    expect(delay.measuredMs).toBe(180);
    expect(measured).toEqual([180]);
    expect(heard).toEqual([]);
  });

  it('takes a device that cannot be opened for one that cannot tell', async () => {
    const { delay, broken, measured } = bench();
    broken.push(new Error('no audio device'));
    expect(await delay.measure()).toBeNull();
    expect(measured).toEqual([]);
  });
});
