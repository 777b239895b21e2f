import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/** What the page around the overlay lacks is not the overlay's. */
const PAGE_RULES = ['landmark-one-main', 'page-has-heading-one'];

async function found(axe: AxeBuilder): Promise<string[]> {
  // The legacy mode looks at one document only, which is all there is, and needs no second page for its sums.
  const { violations } = await axe.exclude('.osd').setLegacyMode(true).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** @param exceptions rules that this state is meant to break. @returns what is wrong, with where. */
export const violations = (page: Page, exceptions: string[] = []): Promise<string[]> =>
  found(new AxeBuilder({ page }).disableRules([...PAGE_RULES, ...exceptions]));

/** Another theme has other colours and nothing else. */
export const paleWords = (page: Page): Promise<string[]> => found(new AxeBuilder({ page }).withRules('color-contrast'));
