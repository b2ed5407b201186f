// Line icons on a 20 x 20 grid, drawn with the current text colour.

const SVG = 'http://www.w3.org/2000/svg';

const PATHS = {
  hash: ['M7.5 3 5.5 17', 'M14.5 3l-2 14', 'M3.5 7.5h14', 'M2.5 12.5h14'],
  lock: ['M5 9h10v7.5H5z', 'M7 9V6.5a3 3 0 0 1 6 0V9'],
  menu: ['M3 5.5h14', 'M3 10h14', 'M3 14.5h14'],
  close: ['M5 5l10 10', 'M15 5 5 15'],
  back: ['M12.5 4 6.5 10l6 6'],
  chevron: ['M5.5 8l4.5 4.5L14.5 8'],
  send: ['M3 4l14 6-14 6 2.5-6z', 'M5.5 10H11'],
  reply: ['M3.5 4.5h13v9h-8l-3.5 3v-3h-1.5z', 'M7 9h6'],
  more: ['M5 10h.01', 'M10 10h.01', 'M15 10h.01'],
  check: ['M4.5 10.5l3.5 3.5 7.5-8'],
  eye: ['M2.5 10s2.8-5 7.5-5 7.5 5 7.5 5-2.8 5-7.5 5-7.5-5-7.5-5z', 'M10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z'],
  bolt: ['M11 2.5 4.5 11.5H10L9 17.5l6.5-9H10z'],
  warning: ['M10 3.5 17.5 16.5h-15z', 'M10 8.5v3.5', 'M10 14.3h.01'],
  info: ['M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15z', 'M10 9.2v4.3', 'M10 6.5h.01'],
  people: ['M7.5 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6z', 'M2 16.5c.4-3 2.5-4.5 5.5-4.5s5.1 1.5 5.5 4.5',
    'M13 4a2.7 2.7 0 0 1 0 5.3', 'M15 12.3c1.7.6 2.7 2 3 4.2'],
  newtab: ['M8 4.5H4.5v11h11V12', 'M11.5 3.5h5v5', 'M16.5 3.5 9.5 10.5'],
  link: ['M8.5 11.5a3 3 0 0 0 4.3 0l2.7-2.7a3 3 0 0 0-4.3-4.3l-1 1', 'M11.5 8.5a3 3 0 0 0-4.3 0l-2.7 2.7a3 3 0 0 0 4.3 4.3l1-1'],
  next: ['M7.5 4l6 6-6 6'],
  play: ['M6.5 4l9 6-9 6z'],
  file: ['M5 2.5h6.5L15.5 6.5v11h-10.5z', 'M11 3v4h4.5'],
  circle: ['M10 16.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13z'],
  plus: ['M10 4v12', 'M4 10h12'],
  trash: ['M3.5 5.5h13', 'M8 5V3h4v2', 'M5.5 5.5l.8 11.5h7.4l.8-11.5'],
  copy: ['M7 7h9.5v9.5H7z', 'M4 13H3.5V3.5H13V4'],
  refresh: ['M16 8a6.3 6.3 0 1 0 .3 3.6', 'M16.5 3.5V8H12'],
  star: ['M10 2.8l2.2 4.7 5 .7-3.7 3.5.9 5.1-4.4-2.5-4.4 2.5.9-5.1L2.8 8.2l5-.7z'],
  edit: ['M4 16l.8-3.4L13.6 3.8l2.6 2.6-8.8 8.8z'],
  tune: ['M3 6h8', 'M15 6h2', 'M13 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4z', 'M3 14h2', 'M9 14h8', 'M7 16a2 2 0 1 0 0-4 2 2 0 0 0 0 4z'],
  up: ['M6.5 9.5V17h-3V9.5z', 'M6.5 9.5 10 2.8c1.6 0 2.2 1 1.9 2.4L11.4 8h4.3c1 0 1.7.9 1.5 1.9l-1.1 5.6c-.2.9-.9 1.5-1.8 1.5H6.5'],
  unlike: ['M6.5 10.5V3h-3v7.5z', 'M6.5 10.5l3.5 6.7c1.6 0 2.2-1 1.9-2.4l-.5-2.8h4.3c1 0 1.7-.9 1.5-1.9L16.1 4.5c-.2-.9-.9-1.5-1.8-1.5H6.5'],
  clock: ['M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15z', 'M10 5.5V10l3 2'],
  export: ['M10 12.5v-9', 'M6.5 7 10 3.5 13.5 7', 'M3.5 12v4.5h13V12'],
  down: ['M10 4v12', 'M5 11l5 5 5-5'],
};

export function icon(name, size = 20) {
  const svg = document.createElementNS(SVG, 'svg');
  const attributes = {
    viewBox: '0 0 20 20', width: size, height: size, fill: 'none', stroke: 'currentColor',
    'stroke-width': name === 'more' ? 2.6 : 1.6, 'stroke-linecap': 'round', 'stroke-linejoin': 'round',
    'aria-hidden': 'true', focusable: 'false', class: 'icon',
  };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  for (const d of PATHS[name] ?? []) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    svg.append(path);
  }
  return svg;
}
