// The page: choices, table, chart and download, all from one state that also stands in the address.
const [status, choices, measures, results, counted, body, head, figureBox, save, previous, next, paged] =
  ["status", "choices", "measure", "results", "count", "body", "head", "chart", "save", "previous", "next", "paged"].map((id) => document.getElementById(`x-${id}`));
const ROWS = 25;
const table = { file: null, rows: 0, columns: new Map() };
const view = { measure: about.measures[0], chosen: initial(), sort: { column: null, descending: false }, page: 0 };
const names = about.dimensions.map((one) => one.name);
let rows = new Uint32Array();

const lists = about.dimensions.map((dimension, n) => filter(dimension, view.chosen[n], () => choose()));
choices.append(...lists.map((one) => one.made));

/** After a choice: keep it in the address, which then leads others to the same view. */
function choose() {
  view.page = 0;
  show().catch(failed);
  history.replaceState(null, "", `#${address()}`);
}
function address() {
  const parts = about.dimensions.map((one, n) => `d.${encodeURIComponent(one.name)}=${written(one, view.chosen[n])}`);
  const { column, descending } = view.sort;
  if (column !== null) parts.push(`sort=${descending ? "-" : ""}${encodeURIComponent(column)}`);
  return [`measure=${encodeURIComponent(view.measure.name)}`, ...parts].join("&");
}
/** Take a view from the address; what it does not say, or says of another table, stays as it is. */
function recall() {
  const told = new Map(location.hash.slice(1).split("&").map((part) => part.split("=", 2)));
  const text = (key) => told.get(key) ?? "";
  view.measure = about.measures.find((one) => encodeURIComponent(one.name) === text("measure")) ?? view.measure;
  about.dimensions.forEach((one, n) => {
    const given = told.get(`d.${encodeURIComponent(one.name)}`);
    const chosen = given === undefined ? null : understood(one, given);
    if (chosen) view.chosen[n].set(chosen);
  });
  const column = decoded(text("sort").replace(/^-/, ""));
  if ([...names, view.measure.name].includes(column)) view.sort = { column, descending: text("sort").startsWith("-") };
  measures.value = view.measure.name;
}

/** Everything that depends on the state. */
async function show() {
  const wanted = view.measure, needed = [...names, wanted.name, `${wanted.name}_status`];
  status.hidden = needed.every((name) => table.columns.has(name)); // from a server it may take a moment
  await load(table, needed);
  status.hidden = true;
  if (wanted !== view.measure) return; // another measure was chosen while this one was read
  const sort = view.sort.column === null || names.includes(view.sort.column) ? view.sort : { ...view.sort, column: wanted.name };
  rows = filtered(table, view.chosen);
  listed(sorted(table, rows, sort), sort);
  for (const list of lists) list.update();
  draw(figureBox, table, rows, view);
  document.documentElement.dataset.rows = rows.length; // what was filtered is on the page now
}
function listed(order, sort) {
  const values = table.columns.get(view.measure.name), states = table.columns.get(`${view.measure.name}_status`);
  let hidden = 0, zero = 0;
  for (const row of order) { hidden += STATUSES[states[row]] === "Q"; zero += values[row] === 0; }
  counted.textContent = say(`${figure(order.length)} hàng; ${figure(hidden)} ô bị che (không phải số 0), ${figure(zero)} ô bằng 0.`,
    `${figure(order.length)} rows; ${figure(hidden)} cells suppressed (not zero), ${figure(zero)} cells are zero.`);
  heading(sort);
  const pages = Math.max(1, Math.ceil(order.length / ROWS));
  body.replaceChildren(...Array.from(order.slice(view.page * ROWS, (view.page + 1) * ROWS), (row) => line(row, values[row], STATUSES[states[row]])));
  if (!order.length) body.append(element("tr", {}, element("td", { colSpan: names.length + 2 }, say("Không có hàng nào: chọn ít nhất một mã ở mỗi mục.", "No rows: choose at least one code in each list."))));
  paged.textContent = say(`Trang ${figure(view.page + 1)} / ${figure(pages)}`, `Page ${figure(view.page + 1)} of ${figure(pages)}`);
  [previous.disabled, next.disabled] = [view.page === 0, view.page + 1 >= pages];
  save.disabled = !order.length;
}
function heading({ column, descending }) {
  const focused = document.activeElement?.dataset.column;
  const columns = [...about.dimensions.map((one) => [one.name, one.label, ""]), [view.measure.name, view.measure.label, "n"]];
  head.replaceChildren(...columns.map(([name, label, className]) => {
    const turn = name !== column ? "none" : descending ? "descending" : "ascending";
    const sort = () => { view.sort = { column: name, descending: turn === "ascending" || (turn === "none" && className === "n") }; choose(); };
    const button = element("button", { type: "button", onclick: sort }, said(label), element("span", { ariaHidden: "true" }, { none: " ↕", ascending: " ↑", descending: " ↓" }[turn]));
    button.dataset.column = name;
    return element("th", { scope: "col", className, ariaSort: turn }, button);
  }), element("th", { scope: "col" }, say("Trạng thái", "Status")));
  if (focused !== undefined) head.querySelector(`[data-column="${CSS.escape(focused)}"]`)?.focus();
}
function line(row, value, state) {
  const cells = about.dimensions.map((one, n) => {
    const code = one.codes[table.columns.get(one.name)[row]];
    return element(n ? "td" : "th", n ? {} : { scope: "row" }, said(code), " ", element("code", {}, code.code));
  });
  const none = value !== value;
  const shown = element("td", { className: `n${state === "Q" ? " suppressed" : none ? " novalue" : ""}` }, element("span", {}, none ? brief(state) : figure(value, view.measure.decimals)));
  return element("tr", {}, ...cells, shown, element("td", {}, said(about.statuses[state])));
}

async function download() {
  await load(table, about.header);
  const link = element("a", { href: URL.createObjectURL(new Blob([csv(table, rows)], { type: "text/csv" })), download: about.download });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
function failed(error) {
  console.warn(error); // the page says what a reader can do
  status.hidden = false;
  results.hidden = true;
  const said = document.getElementById(local && !about.data.embedded ? "x-folder" : "x-broken");
  status.replaceChildren(...said.content.cloneNode(true).childNodes);
}
async function turn(by, button) {
  view.page += by;
  await show();
  if (button.disabled) (by > 0 ? previous : next).focus(); // a button that is spent must not take the focus with it
}

save.addEventListener("click", () => download().catch(failed));
previous.addEventListener("click", () => turn(-1, previous).catch(failed));
next.addEventListener("click", () => turn(1, next).catch(failed));
measures.addEventListener("change", () => {
  view.measure = about.measures.find((one) => one.name === measures.value);
  choose();
});
addEventListener("hashchange", () => { recall(); show().catch(failed); });
new MutationObserver(() => table.rows && show().catch(failed)).observe(root, { attributeFilter: ["data-show"] });
let width = innerWidth;
addEventListener("resize", () => { if (width !== innerWidth && table.rows) { width = innerWidth; draw(figureBox, table, rows, view); } });

recall();
opened(about.data).then(async (file) => {
  table.file = file;
  results.hidden = false; // before the chart is drawn, which is as wide as its place
  await show();
}).catch(failed);
