// What the table is about, and its words and numbers in the language that the page shows.
const about = JSON.parse(document.getElementById("x-about").textContent);
const english = () => root.dataset.show === "en";
const say = (vi, en) => (english() ? en : vi);
const said = (labels) => say(labels.vi, labels.en);
const formats = new Map();
/** A count, or a rate with all its decimals, as readers of the language write it. */
const figure = (value, decimals = 0) => {
  const [language, key] = [say("vi", "en"), `${say("vi", "en")} ${decimals}`];
  if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(language, { useGrouping: "always", minimumFractionDigits: decimals, maximumFractionDigits: decimals }));
  return formats.get(key).format(value);
};
/** A cell in words: a value, or why there is none; and what a reader must know of a value. */
const cell = ({ value, status, decimals }) => {
  const note = said(about.statuses[status]);
  if (value !== value) return note;
  return status === "A" ? figure(value, decimals) : `${figure(value, decimals)} (${note})`;
};
const brief = (status) => (status === "Q" ? say("bị che", "suppressed") : said(about.statuses[status]));
/** A period as short as an axis needs it: 2024, 2024-Q1, 2024-01. */
const period = (code) => {
  const [year, part] = code.split("-");
  return part && !english() ? `${part}/${year}` : code;
};

// Code lists as trees: `order` goes from each code to its children, `places` is where a code stands in that order.
for (const dimension of about.dimensions) {
  dimension.codes = dimension.codes.map(([code, parent, vi, en]) => ({ code, parent, vi, en, children: [] }));
  dimension.roots = [];
  dimension.codes.forEach((one, n) => (one.parent < 0 ? dimension.roots : dimension.codes[one.parent].children).push(n));
  dimension.order = [];
  const visit = (n, depth) => {
    dimension.codes[n].depth = depth;
    dimension.order.push(n);
    for (const child of dimension.codes[n].children) visit(child, depth + 1);
  };
  for (const n of dimension.roots) visit(n, 0);
  dimension.places = new Uint32Array(dimension.codes.length);
  dimension.order.forEach((n, place) => { dimension.places[n] = place; });
}
