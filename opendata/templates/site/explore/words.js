// What the table is about, and its words and numbers in the language that the page shows.
const about = JSON.parse(document.getElementById("x-about").textContent);
const english = () => root.dataset.show === "en";
const say = (vi, en) => (english() ? en : vi);
const said = (labels) => say(labels.vi, labels.en);
const formats = Object.fromEntries(["vi", "en"].map((one) => [one, new Intl.NumberFormat(one, { useGrouping: "always" })]));
const figure = (value) => formats[say("vi", "en")].format(value);
/** A cell in words: a value, or why there is none; and what a reader must know of a value. */
const cell = ({ value, status }) => {
  const note = said(about.statuses[status]);
  if (value !== value) return note;
  return status === "A" ? figure(value) : `${figure(value)} (${note})`;
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
