// The chart: lines over time, or ranked bars. What has no value is hatched in a place of its own, never low or absent.
const LINES = 6, BARS = 24, HATCHED = 12;
const svg = (name, attributes, ...children) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
};
const titled = (made, text) => (made.append(svg("title", {}, text)), made);

/** What is drawn of the rows: series over the finest chosen periods, or one bar a row. */
function plotted(table, rows, view) {
  const time = about.dimensions.findIndex((one) => one.time);
  const periods = time < 0 ? [] : finest(about.dimensions[time], view.chosen[time]);
  const lines = periods.length > 1;
  const naming = about.dimensions.map((one, n) => [one, table.columns.get(one.name), n])
    .filter(([, , n]) => !(lines && n === time) && view.chosen[n].indexOf(1) !== view.chosen[n].lastIndexOf(1));
  const values = table.columns.get(view.measure.name), states = table.columns.get(`${view.measure.name}_status`);
  const name = (row) => naming.map(([one, codes]) => said(one.codes[codes[row]])).join(" · ") || said(view.measure.label);
  const { decimals } = view.measure;
  const point = (row) => ({ row, value: values[row], status: STATUSES[states[row]], decimals });
  return lines ? series(rows, { naming, name, point, values, periods, when: table.columns.get(about.dimensions[time].name) })
    : bars(rows, { name, point, values });
}
/** What is the same everywhere in the chart. */
const fixed = (view) => about.dimensions.map((one, n) => [one, view.chosen[n]])
  .filter(([, chosen]) => chosen.includes(1) && chosen.indexOf(1) === chosen.lastIndexOf(1))
  .map(([one, chosen]) => said(one.codes[chosen.indexOf(1)]));
function finest(dimension, chosen) {
  const places = dimension.order.filter((n) => chosen[n]);
  const deepest = Math.max(...places.map((n) => dimension.codes[n].depth));
  return places.filter((n) => dimension.codes[n].depth === deepest);
}
function series(rows, { naming, name, point, periods, when, values }) {
  const at = new Map(periods.map((place, n) => [place, n])), sums = new Map();
  const line = (row) => naming.reduce((before, [one, codes]) => before * one.codes.length + codes[row], 0);
  for (const row of rows) if (at.has(when[row])) sums.set(line(row), (sums.get(line(row)) ?? 0) + (values[row] || 0));
  const largest = [...sums].sort(([, a], [, b]) => b - a).slice(0, LINES);
  const found = new Map(largest.map(([key]) => [key, []])); // only these become points: there may be thousands of others
  for (const row of rows) if (at.has(when[row])) found.get(line(row))?.push({ ...point(row), x: at.get(when[row]) });
  const shown = [...found.values()].map((points) => ({ name: name(points[0].row), points: points.sort((a, b) => a.x - b.x) }));
  return { kind: "lines", periods, series: shown, of: sums.size };
}
function bars(rows, { name, point, values }) {
  const ranked = [], rest = []; // the largest only: a hundred thousand rows need not be sorted for two dozen bars
  for (const row of rows) {
    if (values[row] !== values[row]) { if (rest.length < HATCHED) rest.push(row); continue; }
    if (ranked.length === BARS && values[row] <= values[ranked.at(-1)]) continue;
    const place = ranked.findIndex((other) => values[other] < values[row]);
    ranked.splice(place < 0 ? ranked.length : place, 0, row);
    ranked.length = Math.min(ranked.length, BARS);
  }
  const shown = [...ranked, ...rest];
  return { kind: "bars", bars: shown.map((row) => ({ ...point(row), name: name(row) })), of: rows.length };
}

/** Ticks from zero to at least the largest value, at 1, 2 or 5 times a power of ten; counts are whole. */
function ticks(largest, decimals = 0) {
  const least = 10 ** -decimals, top = Math.max(largest, least), rough = top / 4, power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(least, [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough));
  return Array.from({ length: Math.ceil(top / step) + 1 }, (_, n) => n * step);
}
const hatch = () => svg("pattern", { id: "x-hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse",
  patternTransform: "rotate(45)" }, svg("rect", { width: 6, height: 6, class: "h0" }), svg("rect", { width: 2, height: 6, class: "h1" }));
const unknown = (box, status) => svg("rect", { ...box, class: status === "Q" ? "suppressed" : "novalue" });

function lineChart({ periods, series }, { width, dimension, decimals }) {
  const scale = ticks(Math.max(0, ...series.flatMap((one) => one.points.map((point) => point.value || 0))), decimals);
  const lanes = series.filter((one) => one.points.some((point) => point.value !== point.value));
  const left = 16 + 7.5 * figure(scale.at(-1), decimals).length, right = width - 16, top = 12 + 18 * lanes.length, bottom = top + 240;
  const x = (n) => left + 12 + (n * (right - left - 24)) / Math.max(1, periods.length - 1);
  const y = (value) => bottom - (value / scale.at(-1)) * (bottom - top - 8);
  const wide = Math.max(3, Math.min(24, (right - left - 24) / periods.length - 1));
  const made = svg("svg", { width, height: bottom + 32, viewBox: `0 0 ${width} ${bottom + 32}` }, svg("defs", {}, hatch()));
  for (const tick of scale) made.append(svg("line", { x1: left, x2: right, y1: y(tick), y2: y(tick), class: tick ? "grid" : "axis" }),
    svg("text", { x: left - 6, y: y(tick) + 4, "text-anchor": "end" }, figure(tick, decimals)));
  const every = Math.ceil((periods.length * 62) / (right - left));
  periods.forEach((place, n) => n % every || made.append(svg("text", { x: x(n), y: bottom + 20, "text-anchor": "middle" }, period(dimension.codes[place].code))));
  series.forEach((one, n) => {
    const lane = 6 + 18 * lanes.indexOf(one);
    if (lanes.includes(one)) made.append(svg("line", { x1: 8, x2: left - 8, y1: lane + 6, y2: lane + 6, class: `line s${n}` }));
    made.append(svg("path", { d: path(one.points, x, y), class: `line s${n}` }));
    for (const [k, point] of one.points.entries()) {
      const text = `${one.name}, ${said(dimension.codes[periods[point.x]])}: ${cell(point)}`;
      if (point.value !== point.value) made.append(titled(unknown({ x: x(point.x) - wide / 2, y: lane, width: wide, height: 12 }, point.status), text));
      else if (point.status === "B") made.append(titled(svg("line", { x1: x(point.x), x2: x(point.x), y1: top, y2: bottom, class: "break" }), text));
      if (point.value === point.value && (marked(point) || periods.length <= 60 || alone(one.points, k)))
        made.append(titled(svg("circle", { cx: x(point.x), cy: y(point.value), r: 3.5, class: `point s${n}${marked(point) ? " open" : ""}` }), text));
    }
  });
  return made;
}
const marked = (point) => point.status !== "A" && point.value === point.value;
const known = (points, n, x) => points[n] && points[n].x === x && points[n].value === points[n].value;
const alone = (points, k) => !known(points, k - 1, points[k].x - 1) && !known(points, k + 1, points[k].x + 1);
/** A line that is interrupted where there is no value or no row. */
const path = (points, x, y) => points.map((point, k) => point.value !== point.value ? ""
  : `${known(points, k - 1, point.x - 1) ? "L" : "M"}${x(point.x).toFixed(1)},${y(point.value).toFixed(1)}`).join("");

function barChart({ bars }, { width, decimals = 0 }) {
  const largest = Math.max(10 ** -decimals, ...bars.map((bar) => bar.value || 0)), length = Math.max(12, Math.floor((width - 90) / 7.2));
  const made = svg("svg", { width, height: 40 * bars.length + 8, viewBox: `0 0 ${width} ${40 * bars.length + 8}` }, svg("defs", {}, hatch()));
  bars.forEach((bar, n) => {
    const top = 40 * n + 4, hidden = bar.value !== bar.value;
    const name = bar.name.length > length ? `${bar.name.slice(0, length - 1)}…` : bar.name;
    const box = { x: 2, y: top + 20, width: hidden ? width - 4 : ((width - 4) * bar.value) / largest, height: 12 };
    made.append(titled(svg("g", {}, svg("text", { x: 0, y: top + 13 }, name),
      svg("text", { x: width - 2, y: top + 13, "text-anchor": "end", class: "value" }, hidden ? brief(bar.status) : cell(bar)),
      hidden ? unknown(box, bar.status) : svg("rect", { ...box, class: "bar" }),
      svg("line", { x1: 1, x2: 1, y1: top + 17, y2: top + 35, class: "axis" })), `${bar.name}: ${cell(bar)}`));
  });
  return made;
}

/** The figure anew: the drawing, its description for screen readers, and a legend of everything that is in it. */
function draw(holder, table, rows, view) {
  holder.hidden = false; // what is hidden has no width
  const found = plotted(table, rows, view), width = Math.max(260, holder.querySelector(".drawing").clientWidth);
  const points = found.kind === "lines" ? found.series.flatMap((one) => one.points) : found.bars;
  const { decimals } = view.measure;
  const made = found.kind === "lines" ? lineChart(found, { width, decimals, dimension: about.dimensions.find((one) => one.time) }) : barChart(found, { width, decimals });
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", described(found, points, view));
  holder.hidden = !points.length;
  holder.querySelector(".drawing").replaceChildren(made);
  holder.querySelector("figcaption").textContent = [`${said(view.measure.label)} (${said(view.measure.unit)})`, ...fixed(view)].join(" · ");
  const swatch = (...shapes) => svg("svg", { width: 28, height: 12, "aria-hidden": "true" }, ...shapes);
  const item = (shape, text) => element("li", {}, swatch(shape), " ", text);
  const states = [...new Set(points.map((point) => point.status))];
  holder.querySelector(".legend").replaceChildren(
    ...(found.kind === "lines" && found.of > 1 ? found.series.map((one, n) => item(svg("line", { x1: 0, x2: 28, y1: 6, y2: 6, class: `line s${n}` }), one.name)) : []),
    ...states.filter((status) => points.some((point) => point.status === status && point.value !== point.value))
      .map((status) => item(unknown({ x: 1, y: 0, width: 26, height: 12 }, status), said(about.statuses[status]))),
    ...states.filter((status) => points.some((point) => point.status === status && marked(point)))
      .map((status) => item(svg("circle", { cx: 14, cy: 6, r: 3.5, class: "point open" }), said(about.statuses[status]))));
  const drawn = found.kind === "lines" ? found.series.length : found.bars.length;
  holder.querySelector(".note").textContent = drawn === found.of ? "" : found.kind === "lines"
    ? say(`Vẽ ${figure(drawn)} đường lớn nhất trong ${figure(found.of)}; chọn ít mã hơn để xem các đường khác.`, `The ${figure(drawn)} largest of ${figure(found.of)} lines are drawn; choose fewer codes to see others.`)
    : say(`Vẽ ${figure(drawn)} trong ${figure(found.of)} hàng: các giá trị lớn nhất trước, rồi các ô không có giá trị.`, `${figure(drawn)} of ${figure(found.of)} rows are drawn: the largest first, then cells without a value.`);
}
function described(found, points, view) {
  const values = points.map((point) => point.value).filter((value) => value === value), hidden = points.length - values.length;
  const ends = [Math.min, Math.max].map((end) => figure(values.reduce((a, b) => end(a, b), values[0]), view.measure.decimals));
  const range = values.length ? ends.join(" – ") : "–";
  const lines = found.kind === "lines";
  return say(`Biểu đồ ${lines ? "đường theo thời gian" : "cột xếp hạng"}: ${said(view.measure.label)}; ${figure(values.length)} giá trị, ${range}; ${figure(hidden)} ô không có giá trị. Số liệu ở bảng bên dưới.`,
    `${lines ? "Lines over time" : "Ranked bars"}: ${said(view.measure.label)}; ${figure(values.length)} values, ${range}; ${figure(hidden)} cells without a value. The figures are in the table below.`);
}
