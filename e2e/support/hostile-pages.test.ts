import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './places.ts';

/** What is shipped to browsers: the extension and the relay's own pages. */
const SOURCES = ['extension', 'relay/server/landing'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(tsx?|js|html)$/.test(path) && !/\.test\.|testing\//.test(path))
    .map((path) => `${folder}/${path}`),
);
const using = (pattern: RegExp): string[] =>
  SOURCES.filter((path) => pattern.test(readFileSync(join(ROOT, path), 'utf8')));

describe('what runs in browsers', () => {
  it('[peer R-50] never makes markup or code of text, so names, titles and links stay text', () => {
    expect(SOURCES.length).toBeGreaterThan(60);
    expect(
      using(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|\beval\(|new Function|DOMParser/),
    ).toEqual([]);
  });

  it('[peer R-50] shows no picture from a place that a member chose', () => {
    // The poster on the landing page is what the relay has fetched from a listed Jellyfin and looked at (PROTOCOL.md H-07).
    expect(using(/\.src = (?!URL\.createObjectURL\(picture\);)/)).toEqual([]);
    // A member's own is at an address made of the page's own server and checked ids (PROTOCOL.md M-14).
    expect(using(/<img[^>]+src=\{/)).toEqual(['extension/overlay/views/people.tsx']);
    expect(using(/<img[^>]+src=\{(?!picture\})/)).toEqual([]);
    expect(using(/pictureOf: (?!\(avatar: Avatar\) => pictureAddress\()/)).toEqual([]);
  });

  it('[peer R-51] neither speaks with the page’s own scripts nor runs among them', () => {
    expect(
      using(
        /window\.postMessage|window\.addEventListener\('message'|onmessage|CustomEvent\(|MAIN'|externally_connectable/,
      ),
    ).toEqual([]);
    const manifest = readFileSync(join(ROOT, 'manifest.json'), 'utf8');
    expect(manifest).not.toMatch(/externally_connectable|"MAIN"/);
  });

  it('[peer R-53] keeps no token where it outlives the browser', () => {
    expect(using(/localStorage\.setItem|document\.cookie/).filter((path) => path.startsWith('extension'))).toEqual([]);
  });
});
