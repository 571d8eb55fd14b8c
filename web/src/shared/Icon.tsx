/** The few line icons of the page, drawn on a 20 × 20 grid in the colour of the text beside them. They never stand for words alone. */
const PATHS = {
  project: 'M3 6.5V15a1.5 1.5 0 0 0 1.5 1.5h11A1.5 1.5 0 0 0 17 15V7.5A1.5 1.5 0 0 0 15.5 6H10L8.3 4H4.5A1.5 1.5 0 0 0 3 5.5z',
  collection: 'M5 7h12v9.5H5zM3 13.5v-10h11',
  dataset: 'M3.5 3.5h5.5v5.5H3.5zM11.5 3.5H17v5.5h-5.5zM3.5 11.5h5.5V17H3.5zM11.5 11.5H17V17h-5.5z',
  space: 'M10 3l7 3.5-7 3.5-7-3.5zM3 10l7 3.5 7-3.5M3 13.5L10 17l7-3.5',
  file: 'M5 2.5h6.5L15.5 6.5v11h-10.5zM11.5 2.5v4h4',
  chevron: 'M7.5 5l5 5-5 5',
  plus: 'M10 4v12M4 10h12',
  upload: 'M10 13V4M6 7.5L10 3.5l4 4M3.5 13v3.5h13V13',
  download: 'M10 3.5V13M6 9.5l4 4 4-4M3.5 14v2.5h13V14',
  menu: 'M3.5 6h13M3.5 10h13M3.5 14h13',
  more: 'M4.5 10h.01M10 10h.01M15.5 10h.01',
  close: 'M5 5l10 10M15 5L5 15',
  pause: 'M7 4.5v11M13 4.5v11',
  play: 'M6 4l10 6-10 6z',
  retry: 'M15.5 6.5A6.5 6.5 0 1 0 16.5 10M16 3v4h-4',
  trash: 'M4 5.5h12M8 5.5V3.5h4v2M5.5 5.5l.8 11h7.4l.8-11',
  share: 'M12.5 7a2.5 2.5 0 1 0 0-.01M2.5 10a2.5 2.5 0 1 0 5 0 2.5 2.5 0 1 0-5 0M12.5 14a2.5 2.5 0 1 0 0-.01M7.3 9l5.4-1.6M7.3 11l5.4 1.8',
  sun: 'M10 6.5a3.5 3.5 0 1 0 .01 0M10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M4.3 15.7l1.1-1.1M14.6 5.4l1.1-1.1',
  moon: 'M16 12.5A6.8 6.8 0 0 1 7.5 4 6.8 6.8 0 1 0 16 12.5z',
  person: 'M10 3.5a3 3 0 1 0 .01 0M4 17c.6-3.3 3-5 6-5s5.400 1.700 6 5',
  gear: 'M3 6h8M15 6h2M3 14h2M9 14h8M11 6a2 2 0 1 0 4 0 2 2 0 1 0-4 0M5 14a2 2 0 1 0 4 0 2 2 0 1 0-4 0',
  wall: 'M3 4h6v7H3zM11 4h6v4h-6zM11 10h6v6h-6zM3 13h6v3H3z',
  table: 'M3 4.500h14v11H3zM3 8.200h14M3 11.800h14M8 8.200v7.300',
  command: 'M3 4.500h14v11H3zM6 8l2.500 2-2.500 2M10.500 12.500h3.500',
  check: 'M4 10.500l4 4 8-9',
  info: 'M10 3a7 7 0 1 0 .01 0M10 9v5M10 6.300h.01',
  warning: 'M10 3.500l7.500 13h-15zM10 8.500v4M10 14.800h.01',
  sidebar: 'M3 4h14v12H3zM8 4v12',
  copy: 'M7 7h9.500v9.500H7zM13 4H3.500v9.500',
  search: 'M8.800 3.500a5.300 5.300 0 1 0 .01 0M12.700 12.700L17 17',
  filter: 'M3 5h14M6 10h8M8.500 15h3',
  bookmark: 'M6 3.500h8v13l-4-3-4 3z',
  clock: 'M10 3.500a6.500 6.500 0 1 0 .01 0M10 6.500V10l2.500 2',
  up: 'M10 16V4M5.500 8.500L10 4l4.500 4.500',
  down: 'M10 4v12M5.500 11.500L10 16l4.500-4.500',
  key: 'M7 9.500a3.500 3.500 0 1 0 0 .01M10.500 10H17v3M14 10v2.500',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth={name === 'more' ? 2.6 : 1.5} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false" className="icon">
      <path d={PATHS[name]} />
    </svg>
  );
}
