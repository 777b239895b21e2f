import { expect, it } from 'vitest';
import { shownItem } from './shown-item.ts';

const ID = '0123456789abcdef0123456789abcdef';

it.each([
  [`#/details?id=${ID}&serverId=1`, ID],
  [`#!/details?id=${ID}`, ID],
  ['#/details?serverId=1&id=01234567-89AB-cdef-0123-456789abcdef', ID],
  ['#/details?id=../../x', null],
  ['#/details', null],
  [`#/list?id=${ID}`, null],
  ['#/video', null],
  ['', null],
])('reads %s as the page of %s', (hash, itemId) => {
  expect(shownItem(hash)).toBe(itemId);
});
