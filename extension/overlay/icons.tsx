/** Outlines on a 24-unit grid, drawn for this project; `currentColor`, so they follow the words beside them. */
const PATHS = {
  people:
    'M8.5 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm7 0a3 3 0 1 0 0-6M2.5 19v-1a5 5 0 0 1 5-5h2a5 5 0 0 1 5 5v1M17 13.2a5 5 0 0 1 4.5 4.8v1',
  close: 'M6 6l12 12M18 6L6 18',
  settings:
    'M4 7h9M19 7h1M4 17h1M11 17h9M16 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM8 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z',
  pin: 'M9 4h6l-.6 6 3.1 3v1.5h-11V13l3.1-3L9 4Zm3 10.5V21',
  copy: 'M9 9h10.5v11.5H9zM15 9V3.5H4.5V15H9',
  share: 'M12 15V3.5M8 7l4-3.5L16 7M6 11H4.5v9.5h15V11H18',
  qr: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2M20 14v2.5M14 20h2.5M20 20h-1',
  leave: 'M10 4H4.5v16H10M15 8l4 4-4 4M9 12h10',
  back: 'M14.5 5.5L8 12l6.5 6.5',
  play: 'M8 5l11 7-11 7V5Z',
  crown: 'M4 17.5h16l1-9.5-5 3.5L12 5l-4 6.5L3 8l1 9.5Z',
  star: 'M12 4l2.4 5.1 5.6.7-4.1 3.9 1.1 5.5L12 16.5 7 19.2l1.1-5.5L4 9.8l5.6-.7L12 4Z',
  more: 'M5.5 12v.1M12 12v.1M18.5 12v.1',
  steer:
    'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-7.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3ZM3.3 10.5h7.2M13.5 10.5h7.2M12 13.5V21',
  check: 'M5 12.5l4.5 4.5L19 7',
  warning: 'M12 4L2.8 20h18.4L12 4Zm0 6v5M12 17.4v.2',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-10v6M12 7.3v.2',
  'in-sync': 'M5 12.5l4.5 4.5L19 7',
  'catching-up': 'M5 6l6 6-6 6M12.5 6l6 6-6 6',
  spinner: 'M12 3.5a8.5 8.5 0 1 1-8.5 8.5',
  background: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z',
  blocked: 'M9 6l9 6-9 6V6ZM4 4l16 16',
  away: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z',
  sound: 'M4 9.5v5h3.5L12 19V5L7.5 9.5H4ZM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11',
  'fast-forward': 'M4 6l7.5 6L4 18V6ZM12.5 6l7.5 6-7.5 6V6Z',
  timing: 'M12 21a8 8 0 1 0 0-16 8 8 0 0 0 0 16Zm0-12v4l2.5 2M9.5 2.5h5',
  down: 'M6 9.5l6 6 6-6',
  up: 'M6 14.5l6-6 6 6',
  minus: 'M6 12h12',
  plus: 'M6 12h12M12 6v12',
  reset: 'M5 5v5h5M5.5 10a7.5 7.5 0 1 1-1 5',
  missing: 'M4 5h16v14H4zM9 9.5l6 5M15 9.5l-6 5',
} as const;

export type IconName = keyof typeof PATHS;

/** An icon beside a word: never the only sign of anything, so it is hidden from screen readers. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      class={`icon icon-${name}`}
      viewBox="0 0 24 24"
      width={size}
      height={size}
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
