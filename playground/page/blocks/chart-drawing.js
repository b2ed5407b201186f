// Charts as SVG, at the width they have on the page, so that their letters keep their size.

import { svg } from '../ui/svg.js';

const HEIGHT = 240;
const LETTER = 6.4;
const TOP = 10;
const AXIS = 26;
const LABEL = 20;
const MOST_TICKS = 5;
const MARKS = ['circle', 'square', 'diamond', 'triangle', 'bar', 'ring'];

const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const full = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });

export const formatNumber = (value) => (Number.isFinite(value) ? full.format(value) : '');

/** What a chart says, whichever kind it is: category names, and per series its name and values. */
export function readChart(chart) {
  if (chart.type === 'pie') {
    const segments = chart.segments ?? [];
    return { categories: segments.map(({ label }) => String(label)), series: [{ name: 'Value', values: segments.map(({ value }) => Number(value)) }] };
  }
  const all = chart.series ?? [];
  const categories = chart.axis_config?.categories ?? (all[0]?.data ?? []).map(({ label }) => label);
  return {
    categories: categories.map(String),
    series: all.map(({ name, data }) => {
      const byLabel = new Map((data ?? []).map(({ label, value }) => [String(label), Number(value)]));
      return { name: String(name), values: categories.map((label) => byLabel.get(String(label)) ?? NaN) };
    }),
  };
}

/** Round steps that cover the values and zero. */
function scaleOf(values) {
  const known = values.filter(Number.isFinite);
  const least = Math.min(0, ...known);
  const most = Math.max(0, ...known);
  const rough = (most - least || 1) / MOST_TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? 10 * power;
  const from = Math.floor(least / step) * step;
  const count = Math.max(1, Math.ceil((most - from) / step - 1e-9));
  return { from, to: from + count * step, ticks: Array.from({ length: count + 1 }, (_, index) => from + index * step) };
}

const clip = (text, room) => (text.length * LETTER <= room ? text : `${text.slice(0, Math.max(1, Math.floor(room / LETTER) - 1))}…`);

/** The sign of a series: a shape as well as a colour. */
export function mark(index, x, y, size = 4) {
  const look = { class: `chart__mark chart__s${(index % MARKS.length) + 1}` };
  const box = { x: x - size, y: y - size, width: 2 * size, height: 2 * size };
  switch (MARKS[index % MARKS.length]) {
    case 'square': return svg('rect', { ...look, ...box });
    case 'diamond': return svg('rect', { ...look, ...box, transform: `rotate(45 ${x} ${y})` });
    case 'triangle': return svg('path', { ...look, d: `M${x} ${y - size - 1}l${size + 1} ${2 * size}h${-2 * size - 2}z` });
    case 'bar': return svg('rect', { ...look, x: x - size - 1, y: y - 2, width: 2 * size + 2, height: 4 });
    case 'ring': return svg('circle', { ...look, class: `${look.class} chart__mark--ring`, cx: x, cy: y, r: size - 0.5 });
    default: return svg('circle', { ...look, cx: x, cy: y, r: size });
  }
}

function frame(scale, categories, config, width) {
  const left = Math.max(...scale.ticks.map((tick) => short.format(tick).length)) * LETTER + 10 + (config.y_label ? LABEL : 0);
  const bottom = HEIGHT - AXIS - (config.x_label ? LABEL : 0);
  const inner = width - left - 8;
  const band = inner / Math.max(1, categories.length);
  const y = (value) => bottom - ((value - scale.from) / (scale.to - scale.from)) * (bottom - TOP);
  const every = Math.max(1, Math.ceil(34 / band));
  const lines = scale.ticks.map((tick) => [
    svg('line', { class: tick === 0 ? 'chart__zero' : 'chart__line', x1: left, x2: width - 8, y1: y(tick), y2: y(tick) }),
    svg('text', { class: 'chart__text', x: left - 6, y: y(tick) + 4, 'text-anchor': 'end' }, short.format(tick)),
  ]);
  const names = categories.map((name, index) => (index % every ? null
    : svg('text', { class: 'chart__text', x: left + (index + 0.5) * band, y: bottom + 17, 'text-anchor': 'middle' }, clip(name, band * every - 4), svg('title', {}, name))));
  const labels = [
    config.x_label ? svg('text', { class: 'chart__text chart__label', x: left + inner / 2, y: HEIGHT - 6, 'text-anchor': 'middle' }, clip(config.x_label, inner)) : null,
    config.y_label ? svg('text', { class: 'chart__text chart__label', x: 12, y: (TOP + bottom) / 2, 'text-anchor': 'middle', transform: `rotate(-90 12 ${(TOP + bottom) / 2})` }, clip(config.y_label, bottom - TOP)) : null,
  ];
  return { nodes: [lines, names, labels], x: (index) => left + (index + 0.5) * band, y, band };
}

const hint = (series, category, value) => svg('title', {}, `${series}, ${category}: ${formatNumber(value)}`);

function bars({ categories, series }, { x, y, band }) {
  const each = Math.min(44, (band * 0.72) / Math.max(1, series.length));
  return series.map((one, at) => one.values.map((value, index) => {
    if (!Number.isFinite(value)) return null;
    const top = Math.min(y(value), y(0));
    const left = x(index) + (at - series.length / 2) * each;
    return svg('rect', { class: `chart__fill chart__s${at + 1}`, x: left, y: top, width: Math.max(1, each - 1.5), height: Math.max(1, Math.abs(y(value) - y(0))), rx: 2 }, hint(one.name, categories[index], value));
  }));
}

/** Points of a line; where a value is missing the line is interrupted. */
function runsOf(values, x, y) {
  const runs = [[]];
  values.forEach((value, index) => {
    if (Number.isFinite(value)) runs.at(-1).push([x(index), y(value)]);
    else if (runs.at(-1).length) runs.push([]);
  });
  return runs.filter((run) => run.length);
}

function lines({ categories, series }, { x, y }, filled) {
  return series.map((one, at) => {
    const path = (points) => `M${points.map((point) => point.join(' ')).join('L')}`;
    const runs = runsOf(one.values, x, y);
    return [
      filled ? runs.map((run) => svg('path', { class: `chart__area chart__s${at + 1}`, d: `${path(run)}L${run.at(-1)[0]} ${y(0)}L${run[0][0]} ${y(0)}z` })) : null,
      runs.map((run) => svg('path', { class: `chart__path chart__s${at + 1}`, d: path(run) })),
      one.values.map((value, index) => {
        if (!Number.isFinite(value)) return null;
        return svg('g', {}, mark(at, x(index), y(value)), hint(one.name, categories[index], value));
      }),
    ];
  });
}

function pie({ categories, series }, width) {
  const values = series[0].values.map((value) => Math.max(0, value || 0));
  const total = values.reduce((sum, value) => sum + value, 0);
  const radius = HEIGHT / 2 - 8;
  const [cx, cy] = [width / 2, HEIGHT / 2];
  const at = (share) => [cx + radius * Math.sin(share * 2 * Math.PI), cy - radius * Math.cos(share * 2 * Math.PI)];
  let before = 0;
  return values.map((value, index) => {
    const share = total ? value / total : 0;
    const [from, to] = [before, before + share];
    before = to;
    if (!share) return null;
    const look = { class: `chart__fill chart__slice chart__s${index + 1}` };
    const words = svg('title', {}, `${categories[index]}: ${formatNumber(value)} (${Math.round(share * 100)} %)`);
    if (share > 0.9999) return svg('circle', { ...look, cx, cy, r: radius }, words);
    return svg('path', { ...look, d: `M${cx} ${cy}L${at(from).join(' ')}A${radius} ${radius} 0 ${share > 0.5 ? 1 : 0} 1 ${at(to).join(' ')}z` }, words);
  });
}

/** @returns {SVGElement} the picture; its words are the caller's business */
export function drawChart(chart, width) {
  const data = readChart(chart);
  const el = svg('svg', { class: 'chart__svg', width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, 'aria-hidden': 'true', focusable: 'false' });
  if (chart.type === 'pie') {
    el.append(...pie(data, width).filter(Boolean));
    return el;
  }
  const place = frame(scaleOf(data.series.flatMap(({ values }) => values)), data.categories, chart.axis_config ?? {}, width);
  const drawn = chart.type === 'bar' ? bars(data, place) : lines(data, place, chart.type === 'area');
  el.append(...[place.nodes, drawn].flat(Infinity).filter(Boolean));
  return el;
}
