// The released table in memory: codes as places in their code list, values as numbers (NaN where there is none),
// statuses as places in `STATUSES`. Nothing here touches the page.
const local = location.protocol === "file:"; // a folder: a page in it may run scripts, and fetch nothing
const STATUSES = Object.keys(about.statuses);

/** The Parquet file: on a server from there, in a folder from the script beside the page. */
async function opened({ url, size, sha256, embedded }) {
  if (local && !embedded) throw new Error("too large for a page without a server");
  if (!embedded) return parquet.remote(url, size); // of a large file only the columns that are asked for
  const bytes = local ? await beside(embedded) : await fetched(url);
  // Where the browser may compute a digest (https, this machine), what is shown is what was released.
  if (globalThis.crypto?.subtle && (await digest(bytes)) !== sha256) throw new Error("not the released file");
  return bytes;
}
async function fetched(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.arrayBuffer();
}
/** The bytes as the script beside the page holds them. */
async function beside(name) {
  await new Promise((resolve, reject) => {
    const properties = { src: name, onload: resolve, onerror: () => reject(new Error("no such script")) };
    document.head.append(Object.assign(document.createElement("script"), properties));
  });
  const text = atob(globalThis.embedded);
  delete globalThis.embedded;
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0)).buffer;
}
async function digest(bytes) {
  const found = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(found, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Read columns that are not in memory yet; whatever is not as the codebook says is an error. */
async function load(table, names) {
  const wanted = names.filter((name) => !table.columns.has(name));
  if (!wanted.length) return;
  const pieces = new Map(wanted.map((name) => [name, []]));
  table.rows = await parquet.read(table.file, wanted, (name, values, first) => pieces.get(name).push([first, values]));
  for (const [name, parts] of pieces) table.columns.set(name, encoded(name, parts, table.rows));
}
function encoded(name, parts, rows) {
  const [column, code] = coding(name, rows);
  let seen = 0;
  for (const [first, values] of parts)
    for (let n = 0; n < values.length; n++, seen++) {
      const value = code(values[n]);
      if (value === undefined) throw new Error(`${name}: not in the codebook`);
      column[first + n] = value;
    }
  if (seen !== rows) throw new Error(`${name}: rows are missing`);
  return column;
}
function coding(name, rows) {
  const measure = about.measures.find((one) => one.name === name);
  if (measure) return [new Float64Array(rows), (value) => number(value, measure.decimals ?? 0)];
  const dimension = about.dimensions.find((one) => one.name === name);
  const places = new Map((dimension ? dimension.codes.map((one) => one.code) : STATUSES).map((code, n) => [code, n]));
  return [dimension ? new Uint32Array(rows) : new Uint8Array(rows), (code) => places.get(code)];
}
function number(value, decimals) {
  if (value === null || value === undefined) return NaN;
  const whole = decimals ? Math.round(Number(value) * 10 ** decimals) : Number(value); // the reader multiplies decimals out
  return Number.isSafeInteger(whole) ? whole / 10 ** decimals : undefined; // a rounded count would be a wrong one
}

/** The rows of which every code is chosen, in the order of the file. */
function filtered(table, chosen) {
  const tests = about.dimensions
    .map((dimension, n) => [table.columns.get(dimension.name), chosen[n]])
    .filter(([, keep]) => keep.includes(0));
  const found = new Uint32Array(table.rows);
  let count = 0;
  rows: for (let row = 0; row < table.rows; row++) {
    for (const [codes, keep] of tests) if (!keep[codes[row]]) continue rows;
    found[count++] = row;
  }
  return found.subarray(0, count);
}

/** Rows by a column: codes in the order of their list, values by size; what has no value is last either way. */
function sorted(table, rows, { column, descending }) {
  if (column === null) return rows;
  const values = table.columns.get(column), places = about.dimensions.find((one) => one.name === column)?.places;
  const keys = new Float64Array(table.rows);
  for (const row of rows) {
    const key = (places ? places[values[row]] : values[row]) * (descending ? -1 : 1);
    keys[row] = key === key ? key : Infinity;
  }
  return rows.slice().sort((a, b) => keys[a] - keys[b] || a - b); // two infinite keys: NaN, so by their rows
}

/** Rows as they stand in data.csv: UTF-8 with its mark, codes as they are, nothing where there is no value. */
function csv(table, rows) {
  const cells = about.header.map((name) => {
    const column = table.columns.get(name);
    const digits = about.measures.find((one) => one.name === name)?.decimals ?? 0;
    if (column instanceof Float64Array) return (row) => (column[row] !== column[row] ? "" : column[row].toFixed(digits));
    const codes = about.dimensions.find((one) => one.name === name)?.codes.map((one) => one.code) ?? STATUSES;
    const texts = codes.map((code) => (/[",\r\n]/.test(code) ? `"${code.replaceAll('"', '""')}"` : code));
    return (row) => texts[column[row]];
  });
  const lines = Array.from(rows, (row) => cells.map((cell) => cell(row)).join(","));
  return `\ufeff${[about.header.join(","), ...lines].join("\r\n")}\r\n`;
}
