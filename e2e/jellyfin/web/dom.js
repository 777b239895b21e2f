/**
 * Builds an element: attributes by name, `class` as text, `on` as { event: listener }, `style` through the CSSOM (a strict
 * page CSP forbids style attributes).
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'on') {
      for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener);
    } else if (name === 'style') {
      Object.assign(element.style, value);
    } else if (value !== null && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

export const icon = (name, size = 'xlargePaperIconButton') =>
  h('span', { class: `${size} material-icons ${name}`, 'aria-hidden': 'true' });

/** A jellyfin-web icon button. */
export const iconButton = (className, iconName, title, onClick, attributes = {}) =>
  h(
    'button',
    { type: 'button', class: `${className} paper-icon-button-light`, title, on: { click: onClick }, ...attributes },
    icon(iconName),
  );

export const formatTime = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds || 0));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const [hours, ...rest] = parts;
  const tail = rest.map((part) => String(part).padStart(2, '0')).join(':');
  return hours > 0 ? `${hours}:${tail}` : tail.replace(/^0(?=\d:)/, '');
};

/** A menu as jellyfin-web's action sheet: `.dialogContainer > .dialog.opened`. Resolves with the chosen id, or null. */
export function actionSheet(title, entries) {
  return new Promise((resolve) => {
    const close = (id) => {
      container.remove();
      resolve(id);
    };
    const rows = entries.map(({ id, name, selected }) =>
      h(
        'button',
        { type: 'button', class: 'listItem actionSheetMenuItem', 'data-id': id, on: { click: () => close(id) } },
        h('span', {
          class: `actionsheetMenuItemIcon material-icons ${selected ? 'check' : ''}`,
          'aria-hidden': 'true',
        }),
        h('span', { class: 'actionSheetItemText' }, name),
      ),
    );
    const sheet = h('div', { class: 'dialog actionSheet opened', role: 'dialog', 'aria-label': title });
    sheet.append(h('h1', { class: 'actionSheetTitle' }, title), ...rows);
    const container = h(
      'div',
      { class: 'dialogContainer' },
      h('div', { class: 'dialogBackdrop dialogBackdropOpened' }),
      sheet,
    );
    container.firstElementChild.addEventListener('click', () => close(null));
    document.body.append(container);
    rows[0]?.focus();
  });
}

export function toast(text) {
  const box = h('div', { class: 'toast toastVisible' }, text);
  document.body.append(h('div', { class: 'toastContainer' }, box));
  setTimeout(() => box.parentElement.remove(), 3300);
}
