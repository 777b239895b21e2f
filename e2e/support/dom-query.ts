/**
 * Finds elements by role and accessible name inside a page, through open shadow roots. Playwright does this by itself in
 * Chromium; WebDriver BiDi does not look into shadow roots, so Firefox gets this small reading of the ARIA rules.
 */
import type { Target } from './tab.ts';

/** A {@link Target} that survives the way into a page. */
export interface PlainTarget {
  role: string;
  name: { text: string; pattern: boolean; flags: string } | null;
  within: PlainTarget | null;
}

export function plainTarget({ role, name, within }: Target): PlainTarget {
  return {
    role,
    name:
      name === undefined
        ? null
        : typeof name === 'string'
          ? { text: name, pattern: false, flags: '' }
          : { text: name.source, pattern: true, flags: name.flags },
    within: within ? plainTarget(within) : null,
  };
}

/** Self-contained on purpose: its source runs inside the page. @returns the visible elements that fit, in tree order. */
export function findInPage(target: PlainTarget): Element[] {
  const implicit: Record<string, string> = {
    alert: '',
    button: 'button,input[type=button],input[type=submit],summary',
    checkbox: 'input[type=checkbox]',
    dialog: 'dialog',
    heading: 'h1,h2,h3,h4,h5,h6',
    link: 'a[href]',
    list: 'ul,ol',
    listitem: 'li',
    radio: 'input[type=radio]',
    slider: 'input[type=range]',
    spinbutton: 'input[type=number]',
    status: 'output',
    textbox: 'input:not([type]),input[type=text],input[type=url],input[type=search],input[type=password],textarea',
  };
  const squeeze = (text: string | null | undefined) => (text ?? '').replace(/\s+/g, ' ').trim();
  const isVisible = (element: Element) => element.checkVisibility({ visibilityProperty: true });
  const textOf = (node: Node): string => {
    if (node instanceof Element && node.getAttribute('aria-hidden') === 'true') return '';
    if (node instanceof Element && node.hasAttribute('aria-label')) return ` ${node.getAttribute('aria-label')} `;
    if (node.nodeType === Node.TEXT_NODE) return node.textContent ?? '';
    return [...node.childNodes].map(textOf).join('');
  };
  const nameOf = (element: Element, role: string): string => {
    const root = element.getRootNode() as Document | ShadowRoot;
    const ids = squeeze(element.getAttribute('aria-labelledby')).split(' ').filter(Boolean);
    if (ids.length > 0) return squeeze(ids.map((id) => textOf(root.getElementById(id) ?? element)).join(' '));
    const label = squeeze(element.getAttribute('aria-label'));
    if (label) return label;
    const labels = (element as HTMLInputElement).labels;
    if (labels && labels.length > 0) return squeeze([...labels].map(textOf).join(' '));
    const fromContent = ['button', 'link', 'heading', 'checkbox', 'radio'].includes(role)
      ? squeeze(textOf(element))
      : '';
    return fromContent || squeeze(element.getAttribute('title')) || squeeze(element.getAttribute('placeholder'));
  };
  const descendants = (root: ParentNode): Element[] =>
    [...root.querySelectorAll('*')].flatMap((element) => [
      element,
      ...(element.shadowRoot ? descendants(element.shadowRoot) : []),
    ]);
  const search = (wanted: PlainTarget): Element[] => {
    const scopes: ParentNode[] = wanted.within ? search(wanted.within).slice(0, 1) : [document];
    const native = implicit[wanted.role] ?? '';
    return scopes.flatMap(descendants).filter((element) => {
      const role = element.getAttribute('role') ?? (native && element.matches(native) ? wanted.role : '');
      if (role !== wanted.role || !isVisible(element)) return false;
      if (!wanted.name) return true;
      const { text, pattern, flags } = wanted.name;
      return pattern ? new RegExp(text, flags).test(nameOf(element, role)) : nameOf(element, role) === text;
    });
  };
  return search(target);
}
