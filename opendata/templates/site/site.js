"use strict";
// Which language is shown. Without this script both stand on the page.
const root = document.documentElement;
const remembered = () => { try { return localStorage.getItem("language"); } catch { return null; } };
const remember = (language) => { try { localStorage.setItem("language", language); } catch { /* shown, not kept */ } };
function show(language) {
  root.lang = root.dataset.show = language;
  for (const button of document.querySelectorAll("[data-language]"))
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  for (const option of document.querySelectorAll("option[data-vi]"))
    option.textContent = (option.dataset.number ?? "") + option.dataset[language];
}
document.getElementById("languages").hidden = false;
for (const button of document.querySelectorAll("[data-language]"))
  button.addEventListener("click", () => { show(button.dataset.language); remember(button.dataset.language); });
show(remembered() === "en" ? "en" : "vi");

// Search, on the start page only. A word is found with or without its diacritics, anywhere in the text.
const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
const PAGE = 50;
function search({ agents, rows }, groups) {
  const entries = rows.map(([id, version, day, vi, en, number, words, numbers]) => {
    const agent = agents[number];
    const names = numbers.map((one) => groups.get(one) ?? "").join(" ");
    const title = ` ${fold(`${vi} ${en}`)}`;
    const text = `${title} ${fold(`${id} ${words} ${agent.join(" ")} ${names}`)}`;
    return { id, version, day, vi, en, agent, numbers, title, text };
  });
  return (query, group) => {
    const terms = fold(query).split(/\s+/).filter(Boolean);
    const ranked = []; // the more terms in the title, and the more of them at the beginning of a word, the earlier
    for (const entry of entries) {
      if ((group && !entry.numbers.includes(group)) || !terms.every((term) => entry.text.includes(term))) continue;
      let rank = 0;
      for (const term of terms) rank += entry.title.includes(` ${term}`) ? 2 : entry.title.includes(term) ? 1 : 0;
      (ranked[rank] ??= []).push(entry);
    }
    return ranked.reverse().flat();
  };
}
function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
const pair = (vi, en) => [element("span", { className: "t", lang: "vi" }, vi),
  element("span", { className: "t en", lang: "en" }, ` ${en}`)];
const item = (entry) => element("li", {},
  element("a", { href: `datasets/${entry.id}/index.html` }, ...pair(entry.vi, entry.en)), " ",
  element("span", { className: "meta" }, ...pair(...entry.agent), ` · ${entry.version} · `,
    element("time", { dateTime: entry.day }, entry.day)));

const data = document.getElementById("index");
if (data) {
  const [form, query, group, count, list, more] =
    ["search", "q", "group", "count", "found", "more"].map((id) => document.getElementById(id));
  const labels = [...group.options].map((option) =>
    [Number(option.value), `${option.dataset.vi} ${option.dataset.en}`]);
  const find = search(JSON.parse(data.textContent), new Map(labels));
  let found = [];
  const add = () => {
    list.append(...found.slice(list.children.length, list.children.length + PAGE).map(item));
    more.hidden = list.children.length >= found.length;
  };
  const update = () => {
    found = find(query.value, Number(group.value));
    list.replaceChildren();
    add();
    count.replaceChildren(...pair(`${found.length.toLocaleString("vi")} bộ dữ liệu`,
      `${found.length.toLocaleString("en")} datasets`));
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  query.addEventListener("input", update);
  group.addEventListener("change", update);
  more.addEventListener("click", () => {
    const next = list.children.length;
    add();
    list.children[next]?.querySelector("a").focus();
  });
  update();
}
