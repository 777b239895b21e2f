/** Counts what a person has to press, for the promise of how few presses lead into a party. */
import type { Tab } from './tab.ts';

/**
 * Counts from now on. A press is a click, or a key that does something by itself; what is typed into a field is none, nor is
 * moving the mouse. What no journey can press is for the journey to add: the link in a message, the toolbar's button, the browser's prompt.
 * @returns how many presses there were since the last question.
 */
export function countPresses(tab: Tab): () => number {
  let presses = 0;
  const counted =
    <A extends unknown[], R>(deed: (...args: A) => R) =>
    (...args: A): R => {
      presses += 1;
      return deed(...args);
    };
  tab.click = counted(tab.click.bind(tab));
  tab.clickCss = counted(tab.clickCss.bind(tab));
  tab.press = counted(tab.press.bind(tab));
  return () => {
    const since = presses;
    presses = 0;
    return since;
  };
}
