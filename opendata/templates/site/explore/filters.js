// Which codes are chosen: the lists on the page, and their shape in the address.
const SEARCHED = 8; // codes; a longer list has a search
const levels = {
  all: () => true,
  none: () => false,
  total: (one) => one.parent < 0,
  lowest: (one) => !one.children.length,
};
const choice = (dimension, test) => Uint8Array.from(dimension.codes, (one) => Number(test(one)));

/** What is shown first: the lowest periods, or else the parts of one dimension; totals of everything else. */
function initial() {
  const broken = about.dimensions.find((one) => one.time) ?? about.dimensions.find((one) => one.codes.length > 1);
  return about.dimensions.map((one) => {
    const test = one === broken ? (one.time ? levels.lowest : (code) => code.depth === 1) : levels.total;
    const chosen = choice(one, test);
    return chosen.includes(1) ? chosen : choice(one, levels.all);
  });
}

/** Chosen codes as text: a level by its name, else the codes; all but a few by those few. */
function written(dimension, chosen) {
  for (const [name, test] of Object.entries(levels))
    if (choice(dimension, test).every((one, n) => one === chosen[n])) return `*${name}`;
  const codes = (kept) => dimension.codes.filter((_, n) => chosen[n] === kept).map((one) => encodeURIComponent(one.code));
  const [yes, no] = [codes(1), codes(0)];
  return yes.length <= no.length ? yes.join(",") : `!${no.join(",")}`;
}
const decoded = (text) => { try { return decodeURIComponent(text); } catch { return text; } };
/** The reverse; what is no choice of this dimension gives null. */
function understood(dimension, text) {
  if (text.startsWith("*")) return Object.hasOwn(levels, text.slice(1)) ? choice(dimension, levels[text.slice(1)]) : null;
  const named = new Set(text.replace(/^!/, "").split(",").map(decoded));
  const known = dimension.codes.filter((one) => named.has(one.code)).length;
  return known === named.size ? choice(dimension, (one) => named.has(one.code) !== text.startsWith("!")) : null;
}

/** The list of one dimension: a disclosure with search, levels and a tree of check boxes; `changed` after each choice. */
function filter(dimension, chosen, changed) {
  const boxes = [], summary = element("span", { className: "chosen" });
  const set = (test) => { choice(dimension, test).forEach((one, n) => { chosen[n] = one; }); changed(); };
  const button = (vi, en, test) => element("button", { type: "button", onclick: () => set(test) }, ...pair(vi, en));
  const branch = (places) => element("ul", {}, ...places.map((n) => {
    const { code, vi, en, children } = dimension.codes[n];
    boxes[n] = element("input", { type: "checkbox", onchange: (event) => { chosen[n] = Number(event.target.checked); changed(); } });
    const label = element("label", {}, boxes[n], " ", ...pair(vi, en), " ", element("code", {}, code));
    return element("li", {}, label, ...(children.length ? [branch(children)] : []));
  }));
  const tools = element("div", { className: "tools" }, button("Tất cả", "All", levels.all), button("Bỏ hết", "None", levels.none));
  if (dimension.order.some((n) => dimension.codes[n].depth))
    tools.append(button("Chỉ mức cao nhất", "Top level only", levels.total), button("Chỉ mức thấp nhất", "Lowest level only", levels.lowest));
  const made = element("details", { className: "filter" }, element("summary", {}, element("strong", {}, ...pair(dimension.label.vi, dimension.label.en)), " ", summary));
  const built = () => {
    if (boxes.length) return;
    const list = element("div", { className: "codes" }, branch(dimension.roots));
    if (dimension.codes.length > SEARCHED) made.append(search(dimension, boxes));
    made.append(tools, list);
  };
  const update = () => {
    summary.textContent = summed(dimension, chosen);
    if (boxes.length) for (const [n, box] of boxes.entries()) box.checked = Boolean(chosen[n]);
  };
  made.addEventListener("toggle", () => { built(); update(); });
  return { made, update };
}
function search(dimension, boxes) {
  const texts = dimension.codes.map((one) => fold(`${one.code} ${one.vi} ${one.en}`));
  const find = element("input", { type: "search", autocomplete: "off", spellcheck: false });
  find.addEventListener("input", () => {
    const terms = fold(find.value).split(/\s+/).filter(Boolean), shown = new Set();
    texts.forEach((text, n) => {
      if (terms.every((term) => text.includes(term))) for (let at = n; at >= 0; at = dimension.codes[at].parent) shown.add(at);
    });
    boxes.forEach((box, n) => { box.closest("li").hidden = !shown.has(n); });
  });
  return element("label", { className: "find" }, ...pair("Tìm trong danh sách", "Search the list"), find);
}
function summed(dimension, chosen) {
  const places = dimension.order.filter((n) => chosen[n]);
  return places.length === 1 ? said(dimension.codes[places[0]]) : `${figure(places.length)} / ${figure(dimension.codes.length)}`;
}
