(() => {
"use strict";
const DATA = window.OBJECTPOSE;
const SIGN = { "1": "\u2713", "0": "\u2717", "-": "\u2013", "?": "?" };
const WORD = { "1": "right", "0": "wrong", "-": "has no such class", "?": "no answer" };
const FEW = 6;
const PAGE = 24;
const SVG = "http://www.w3.org/2000/svg";
const $ = (id) => document.getElementById(id);

function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) node.setAttribute(name, value);
  node.append(...children);
  return node;
}
function shape(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}
const bdi = (text) => h("bdi", {}, text);
const percent = (thousandths) => (thousandths / 10).toFixed(1) + "\u202f%";

/* Data: scripts that assign, loaded once each. */
const loads = {};
function load(file) {
  loads[file] ??= new Promise((done, fail) => {
    const node = h("script", { src: file });
    node.addEventListener("load", done);
    node.addEventListener("error", () => {
      delete loads[file];
      node.remove();
      fail(new Error(`${file} cannot be read; copy the report's whole folder.`));
    });
    document.head.append(node);
  });
  return loads[file];
}

/* Tables: headings sort, long ones fold and filter; the rows of huge ones are read when they are asked for. */
const STEP = 200;
function sortable(table) {
  const body = table.tBodies[0];
  const item = table.closest(".item");
  const long = Number(table.dataset.long);
  let rows = [...body.rows];
  const count = Number(table.dataset.count ?? rows.length);
  if (count < 2) return;
  const huge = table.dataset.rows !== undefined;
  const heads = [...table.tHead.rows[0].cells];
  const words = new Map();
  let order = rows, limit = long, wanted = "", by = null;
  const wordsOf = (row) => words.get(row) ?? (words.set(row, row.textContent.toLowerCase()), words.get(row));
  const sort = () => {
    if (!by) return;
    const { column, numeric, up } = by;
    const value = (row) => row.cells[column].dataset.v ?? (numeric ? "" : row.cells[column].textContent);
    const collator = new Intl.Collator("en", { numeric: true });
    const keyed = rows.map((row) => [value(row), row]);
    keyed.sort(([x], [y]) => {
      if (x === "" || y === "") return (x === "") - (y === "");
      const first = numeric ? Number(x) - Number(y) : collator.compare(x, y);
      return up ? first : -first;
    });
    order = keyed.map(([, row]) => row);
  };
  const show = () => {
    const fitting = wanted ? order.filter((row) => wordsOf(row).includes(wanted)) : order;
    const shown = new Set(fitting.slice(0, limit));
    if (huge) body.replaceChildren(...shown);
    else {
      for (const row of rows) row.hidden = !shown.has(row);
      body.append(...order);
    }
    const found = huge && rows.length < count ? count : fitting.length;
    say(found, shown.size);
  };
  let read = huge ? null : Promise.resolve();
  const all = () => (read ??= load(table.dataset.rows).then(() => {
    const page = document.createElement("template");
    page.innerHTML = `<table><tbody>${DATA.table[item.id]}</tbody></table>`;
    delete DATA.table[item.id];
    rows = order = [...page.content.querySelectorAll("tr")].map((row) => document.adoptNode(row));
    item.querySelector(".cut")?.remove();
    sort();
  }).catch((error) => {
    read = null;
    const said = item.querySelector(".cut");
    if (said) said.textContent = error.message;
  }));
  heads.forEach((head, column) => {
    const button = h("button", { type: "button" });
    button.append(...head.childNodes);
    head.append(button);
    head.setAttribute("aria-sort", "none");
    button.addEventListener("click", async () => {
      const numeric = head.classList.contains("num");
      const now = head.getAttribute("aria-sort");
      const up = now === "none" ? !numeric : now === "descending";
      heads.forEach((other) => other.setAttribute("aria-sort", "none"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      by = { column, numeric, up };
      if (huge) await all();
      sort();
      show();
    });
  });
  const box = h("input", { type: "search", placeholder: "Filter rows", "aria-label": `Filter rows of ${item.querySelector("h3").textContent}`, autocomplete: "off" });
  const found = h("span", { class: "count", role: "status" });
  const unfold = h("button", { type: "button" });
  const fold = h("button", { type: "button" }, `Show ${long} rows`);
  const number = (n) => n.toLocaleString("en");
  function say(fitting, shown) {
    unfold.hidden = fitting <= shown;
    unfold.textContent = fitting <= STEP ? `Show all ${number(fitting)} rows` : `Show ${STEP} more`;
    fold.hidden = shown <= long;
    found.textContent = wanted || fitting > STEP ? `${number(shown)} of ${number(fitting)} rows` : "";
  }
  if (count <= long) return;
  let typed = 0;
  box.addEventListener("input", async () => {
    const now = ++typed;
    if (huge) await all();
    if (now !== typed) return;
    wanted = box.value.trim().toLowerCase();
    limit = long;
    show();
  });
  unfold.addEventListener("click", async () => {
    if (huge) await all();
    limit = limit < STEP ? STEP : limit + STEP;
    show();
    if (unfold.hidden) fold.focus();
  });
  fold.addEventListener("click", () => { limit = long; show(); unfold.focus(); item.scrollIntoView({ block: "nearest" }); });
  item.querySelector(".scroll").before(h("div", { class: "finder" }, box, found));
  table.closest(".scroll").after(h("p", { class: "more" }, unfold, fold));
  show();
}

document.querySelectorAll("table.sortable").forEach(sortable);

if (!$("explorer")) return;


const entryOf = (key) => DATA.sets.find((entry) => entry.key === key) || DATA.sets[0];
async function indexOf(key) {
  await load(`data/${key}/index.js`);
  const index = DATA.index[key];
  if (index.sequences) return index;
  index.key = key;
  index.suffix = entryOf(key).suffix;
  index.start = [];
  index.sequences = new Map();
  index.object.forEach((object, i) => {
    index.start[object] ??= i;
    const id = `${object}/${index.condition[i]}/${index.background[i]}`;
    if (!index.sequences.has(id)) index.sequences.set(id, []);
    index.sequences.get(id).push(i);
  });
  return index;
}
async function answersOf(index, object) {
  const id = `${index.key}/${index.objects[object][0]}`;
  await load(`data/${index.key}/objects/${index.objects[object][0]}.js`);
  const answers = DATA.object[id];
  answers.offsets ??= answers.counts.map((counts) => {
    let at = 0;
    return [...counts].map((count) => (at += Number(count)) - Number(count));
  });
  return answers;
}
function fileOf(index, i) {
  const object = index.object[i];
  const number = String(i - index.start[object]).padStart(5, "0");
  return `pictures/${index.key}/${index.objects[object][0]}/${number}${index.suffix}`;
}
function placeOf(index, i) {
  const swept = index.swept[i] === "1";
  const value = swept ? index.angle[i] : index.distance[i];
  const caption = index.caption[i] ? ` \u00b7 ${index.caption[i]}` : "";
  return (value === null ? "" : swept ? `${value}\u00b0` : `${value}\u00b0 from upright`) + caption;
}
function tally(index, i) {
  let right = 0, asked = 0;
  for (const marks of index.marks) {
    if (marks[i] === "1") right += 1;
    if (marks[i] === "1" || marks[i] === "0") asked += 1;
  }
  return [right, asked];
}
function fill(select, options, chosen) {
  select.replaceChildren(...options.map(([value, text]) => h("option", { value, dir: "auto" }, text)));
  select.value = String(chosen);
}
const linkTo = (index, i) => `#set=${index.key}&picture=${i}`;

/* State of the page in its address. */
const state = { explorer: {}, gallery: {} };
let pending = 0;
function remember() {
  clearTimeout(pending);
  pending = setTimeout(() => {
    const words = new URLSearchParams({ ...state.explorer, ...state.gallery });
    history.replaceState(null, "", "#" + words);
  }, 120);
}
const remembered = () => new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");

/* Explorer */
let index = null, answers = null, sequence = [], at = 0, cards = [], turns = 0, playing = 0;
const slider = $("x-slider");

function build() {
  const many = index.networks.length > FEW;
  $("x-finder").hidden = !many;
  $("x-cards").classList.toggle("many", many);
  $("x-turn").classList.toggle("many", many);
  $("x-unfold").setAttribute("aria-pressed", "false");
  $("x-search").value = "";
  cards = index.networks.map((name) => {
    const sign = h("span", { class: "sign" });
    const word = h("span", { class: "hidden" });
    const list = h("ol");
    const title = many ? h("button", { type: "button", "aria-expanded": "false" }) : h("span");
    title.append(sign, word, bdi(name));
    title.title = name;
    const lines = Array.from({ length: index.top }, () => {
      const line = { tick: h("span", { class: "tick" }), name: h("bdi"), prob: h("span", { class: "prob" }), bar: h("i") };
      line.row = h("li", {}, h("span", { class: "name" }, line.tick, line.name), line.prob, h("span", { class: "track" }, line.bar));
      return line;
    });
    list.append(...lines.map((line) => line.row));
    const card = h("article", { class: "net" }, h("h4", {}, title), list);
    if (many) title.addEventListener("click", () => title.setAttribute("aria-expanded", String(card.classList.toggle("open"))));
    return { card, sign, word, lines, title, name };
  });
  $("x-cards").replaceChildren(...cards.map((one) => one.card));
  find();
}

function find() {
  const wanted = $("x-search").value.trim().toLowerCase();
  const strips = $("x-strips").querySelectorAll(".strip.one");
  let shown = 0;
  cards.forEach((one, n) => {
    const fits = one.name.toLowerCase().includes(wanted);
    one.card.hidden = !fits;
    if (strips[n]) strips[n].hidden = !fits;
    shown += fits;
  });
  $("x-none").hidden = shown > 0;
}

function strips() {
  const count = sequence.length;
  const width = count > 90 ? 1 : 0.86;
  const row = (kind, name, score, paths, label) => {
    const picture = shape("svg", { viewBox: `0 0 ${count} 10`, preserveAspectRatio: "none", role: "img", "aria-label": label });
    for (const [cls, d] of paths) picture.append(shape("path", { class: cls, d }));
    return h("div", { class: `strip ${kind}` }, h("span", { class: "who", title: name }, bdi(name)), picture, h("span", { class: "got" }, score));
  };
  const rows = [];
  if (index.networks.length > 1) {
    const cells = sequence.map((i, k) => {
      const [right, asked] = tally(index, i);
      const high = asked ? (10 * right) / asked : 0;
      return high ? `M${k} ${(10 - high).toFixed(2)}h${width}V10h-${width}z` : "";
    });
    rows.push(row("sum", "share right", "", [["all", `M0 0H${count}V10H0z`], ["yes", cells.join("")]], "Share of networks that are right at each angle"));
  }
  index.networks.forEach((name, n) => {
    const paths = { "1": "", "0": "", "-": "", "?": "" };
    let right = 0, asked = 0;
    sequence.forEach((i, k) => {
      const mark = index.marks[n][i];
      right += mark === "1";
      asked += mark === "1" || mark === "0";
      paths[mark] += mark === "1" ? `M${k} 0h${width}V10h-${width}z` : mark === "0" ? `M${k} 6.5h${width}V10h-${width}z` : `M${k + 0.3} 8.5h.3V10h-.3z`;
    });
    const label = `${name}: right at ${right} of ${asked}`;
    rows.push(row("one", name, `${right}/${asked}`, [["yes", paths["1"]], ["no", paths["0"]], ["none", paths["-"] + paths["?"]]], label));
  });
  $("x-strips").replaceChildren(...rows);
  const marks = Math.min(count, 5);
  $("x-ticks").replaceChildren(...Array.from({ length: marks }, (_, step) => {
    const k = marks < 2 ? 0 : Math.round((step * (count - 1)) / (marks - 1));
    const i = sequence[k];
    const value = index.swept[i] === "1" ? index.angle[i] : index.distance[i];
    const tick = h("span", {}, value === null ? String(k + 1) : `${Math.round(value)}\u00b0`);
    tick.style.left = `${(100 * (k + 0.5)) / count}%`;
    return tick;
  }));
  $("x-turn").style.setProperty("--count", count);
  find();
}

function show() {
  const i = sequence[at];
  const object = index.object[i], local = i - index.start[object];
  const where = placeOf(index, i);
  const condition = index.conditions[index.condition[i]];
  const truth = index.truths[index.truth[i]];
  const [right, asked] = tally(index, i);
  const score = `${right} of ${asked} network${asked === 1 ? "" : "s"} right`;
  $("x-picture").src = fileOf(index, i);
  $("x-picture").alt = `${index.objects[object][1]} under ${condition}, ${where || `picture ${at + 1}`}`;
  $("x-where").replaceChildren(bdi(condition), where ? ` ${where}` : "");
  $("x-true").replaceChildren(...truth.flatMap((name, n) => (n ? [" or ", bdi(name)] : [bdi(name)])));
  $("x-score").textContent = score;
  const video = DATA.videos[`${index.key}/${index.objects[object][0]}/${index.condition[i]}/${index.background[i]}`];
  $("x-video").hidden = video === undefined;
  $("x-video").href = video ?? "#explorer";
  const swept = index.swept[i] === "1";
  const angle = (swept ? index.angle[i] : index.distance[i]) ?? 0;
  $("x-dial").classList.toggle("off", (swept ? index.angle[i] : index.distance[i]) === null);
  $("x-needle").setAttribute("transform", `rotate(${angle})`);
  const turned = ((angle % 360) + 360) % 360, radians = (turned * Math.PI) / 180;
  $("x-arc").setAttribute("d", `M0-20A20 20 0 ${turned > 180 ? 1 : 0} 1 ${(20 * Math.sin(radians)).toFixed(2)} ${(-20 * Math.cos(radians)).toFixed(2)}`);
  cards.forEach((one, n) => {
    const mark = index.marks[n][i];
    const first = answers.offsets[n][local], count = Number(answers.counts[n][local]);
    one.card.dataset.mark = mark;
    one.sign.textContent = SIGN[mark];
    one.word.textContent = ` ${WORD[mark]}: `;
    one.lines.forEach((line, rank) => {
      const there = rank < count;
      line.row.hidden = !there && rank > 0;
      line.row.className = "";
      if (!there) {
        line.tick.textContent = line.prob.textContent = "";
        line.name.textContent = rank === 0 ? WORD[mark] : "";
        line.bar.style.width = "0";
        line.row.className = "void";
        return;
      }
      const name = index.names[answers.names[n][first + rank]], prob = answers.probs[n][first + rank];
      const good = rank === 0 ? mark === "1" : truth.includes(name);
      line.row.className = good ? "yes" : rank === 0 && mark === "0" ? "no" : "";
      line.tick.textContent = good ? SIGN["1"] : rank === 0 && mark === "0" ? SIGN["0"] : "";
      line.name.textContent = line.name.title = name;
      line.prob.textContent = percent(prob);
      line.bar.style.width = `${prob / 10}%`;
    });
  });
  slider.value = String(at);
  slider.setAttribute("aria-valuetext", `${where || at + 1}, ${score}`);
  $("x-angle").textContent = where || `${at + 1} of ${sequence.length}`;
  $("x-turn").style.setProperty("--at", at);
  for (const step of [1, -1, 2]) if (sequence[at + step] !== undefined) new Image().src = fileOf(index, sequence[at + step]);
  state.explorer = { set: index.key, object: index.objects[object][0], condition, ...(index.backgrounds.length > 1 ? { background: index.backgrounds[index.background[i]] } : {}), at: String(at) };
}

function reference(i) {
  const object = index.object[i], base = index.baseline[i];
  const same = index.sequences.get(`${object}/${base}/${index.background[i]}`);
  const any = [...index.sequences].find(([id]) => id.startsWith(`${object}/${base}/`));
  const found = base === index.condition[i] ? undefined : (same || (any && any[1]))?.[0];
  $("x-reference").hidden = found === undefined;
  if (found === undefined) return;
  const [right, asked] = tally(index, found);
  $("x-reference").href = linkTo(index, found);
  $("x-reference-picture").src = fileOf(index, found);
  $("x-reference-text").replaceChildren(bdi(index.conditions[base]), `: ${right} of ${asked} right`);
}

function move(to, byHand = true) {
  const next = Math.max(0, Math.min(sequence.length - 1, to));
  if (byHand) stop();
  if (next === at) return false;
  at = next;
  show();
  remember();
  return true;
}

async function open(wish, jump) {
  const turn = ++turns;
  stop();
  try {
    const entry = entryOf(wish.set);
    const next = await indexOf(entry.key);
    if (turn !== turns) return;
    if (wish.picture !== undefined && next.object[wish.picture] !== undefined) {
      const i = Number(wish.picture);
      wish = { object: next.object[i], condition: next.condition[i], background: next.background[i], picture: i };
    }
    const available = (object) => [...next.sequences.keys()].map((id) => id.split("/").map(Number)).filter((id) => id[0] === object);
    const object = next.objects[wish.object] ? Number(wish.object) : 0;
    const there = available(object);
    const conditions = [...new Set(there.map((id) => id[1]))].sort((a, b) => a - b);
    const longest = [...conditions].sort((a, b) => sweptOf(b) - sweptOf(a) || sizeOf(b) - sizeOf(a))[0];
    function sizeOf(c) {
      return Math.max(...there.filter((id) => id[1] === c).map((id) => next.sequences.get(id.join("/")).length));
    }
    function sweptOf(c) {
      return there.some((id) => id[1] === c && next.swept[next.sequences.get(id.join("/"))[0]] === "1") ? 1 : 0;
    }
    const condition = conditions.includes(Number(wish.condition)) ? Number(wish.condition) : longest;
    const backgrounds = [...new Set(there.filter((id) => id[1] === condition).map((id) => id[2]))].sort((a, b) => a - b);
    const background = backgrounds.includes(Number(wish.background)) ? Number(wish.background) : backgrounds[0];
    const nextAnswers = await answersOf(next, object);
    if (turn !== turns) return;
    const fresh = next !== index;
    index = next;
    answers = nextAnswers;
    sequence = index.sequences.get(`${object}/${condition}/${background}`);
    at = wish.picture !== undefined ? sequence.indexOf(wish.picture) : nearest(wish);
    fill($("x-set"), DATA.sets.map((one) => [one.key, one.name]), index.key);
    $("x-set-field").hidden = DATA.sets.length < 2;
    fill($("x-object"), index.objects.map((one, n) => [n, one[1]]), object);
    fill($("x-condition"), conditions.map((n) => [n, index.conditions[n]]), condition);
    fill($("x-background"), backgrounds.map((n) => [n, index.backgrounds[n] || "none"]), background);
    $("x-background-field").hidden = backgrounds.length < 2;
    slider.max = String(sequence.length - 1);
    slider.disabled = $("x-play").disabled = sequence.length < 2;
    $("x-turn").hidden = $("x-hint").hidden = sequence.length < 2;
    if (fresh) build();
    strips();
    $("x-message").hidden = true;
    $("x-body").hidden = false;
    show();
    reference(sequence[at]);
    if (jump) $("explorer").scrollIntoView();
  } catch (error) {
    $("x-message").textContent = error.message;
    $("x-message").hidden = false;
  }
}
function nearest(wish) {
  if (wish.at !== undefined && wish.at !== null) return Math.max(0, Math.min(sequence.length - 1, Number(wish.at) || 0));
  if (wish.angle === undefined || wish.angle === null) return 0;
  let best = 0;
  const off = (k) => Math.abs(((index.swept[sequence[k]] === "1" ? index.angle : index.distance)[sequence[k]] ?? 0) - wish.angle);
  sequence.forEach((_, k) => { if (off(k) < off(best)) best = k; });
  return best;
}
async function choose(what) {
  const i = sequence[at];
  const wish = { set: index.key, object: index.object[i], condition: index.condition[i], background: index.background[i], ...what };
  if (what.set !== undefined) wish.object = wish.condition = wish.background = undefined;
  wish.angle = index.swept[i] === "1" ? index.angle[i] : index.distance[i];
  await open(wish, false);
  remember();
}

function stop() {
  if (!playing) return;
  clearInterval(playing);
  playing = 0;
  $("x-play").setAttribute("aria-pressed", "false");
  $("x-play").textContent = "\u25b6 Play";
}
$("x-play").addEventListener("click", () => {
  if (playing) return stop();
  $("x-play").setAttribute("aria-pressed", "true");
  $("x-play").textContent = "\u275a\u275a Pause";
  const pace = Math.max(60, Math.min(250, 9000 / sequence.length));
  playing = setInterval(() => move((at + 1) % sequence.length, false), pace);
});
slider.addEventListener("input", () => move(Number(slider.value)));
$("x-set").addEventListener("change", (event) => choose({ set: event.target.value }));
for (const what of ["object", "condition", "background"]) {
  $(`x-${what}`).addEventListener("change", (event) => choose({ [what]: Number(event.target.value) }));
}
$("x-search").addEventListener("input", find);
$("x-unfold").addEventListener("click", () => {
  const open = $("x-unfold").getAttribute("aria-pressed") !== "true";
  $("x-unfold").setAttribute("aria-pressed", String(open));
  cards.forEach((one) => { one.card.classList.toggle("open", open); one.title.setAttribute("aria-expanded", String(open)); });
});
for (const id of ["x-frame", "x-turn"]) {
  let rest = 0, aimed = false;
  $(id).addEventListener("pointermove", (event) => { aimed ||= Boolean(event.movementX || event.movementY); });
  $(id).addEventListener("pointerleave", () => { aimed = false; });
  $(id).addEventListener("wheel", (event) => {
    const by = event.deltaY || event.deltaX;
    const end = by > 0 ? at === sequence.length - 1 : at === 0;
    if (!aimed || end || event.ctrlKey || event.target.closest(".strips")) { rest = 0; return; }
    event.preventDefault();
    rest += by;
    const steps = Math.trunc(rest / 40);
    rest -= steps * 40;
    if (steps) move(at + steps);
  }, { passive: false });
}
function dragging(node, begin, drag) {
  let from = null;
  node.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    from = begin(event);
    if (from !== null) node.setPointerCapture(event.pointerId);
  });
  node.addEventListener("pointermove", (event) => { if (from !== null) drag(event, from); });
  for (const name of ["pointerup", "pointercancel"]) node.addEventListener(name, () => { from = null; });
}
dragging($("x-frame"), (event) => ({ x: event.clientX, at }), (event, from) => {
  const wide = $("x-frame").clientWidth;
  move(from.at + Math.round(((event.clientX - from.x) / wide) * Math.max(sequence.length, 8)));
});
const jumpTo = (event, box) => move(Math.floor(((event.clientX - box.left) / box.width) * sequence.length));
dragging($("x-strips"), (event) => {
  const strip = event.target.closest("svg");
  if (!strip) return null;
  const box = strip.getBoundingClientRect();
  jumpTo(event, box);
  return box;
}, jumpTo);

/* Gallery */
let shelf = null, found = [], shown = 0;
const FILTERS = { network: "all", condition: "all", class: "all", order: "sure", min: "0", max: "100" };

async function openGallery(wish) {
  try {
    shelf = await indexOf(entryOf(wish.get("gset")).key);
  } catch (error) {
    $("g-count").textContent = error.message;
    return;
  }
  fill($("g-set"), DATA.sets.map((one) => [one.key, one.name]), shelf.key);
  $("g-set-field").hidden = DATA.sets.length < 2;
  $("g-disagree-field").hidden = shelf.networks.length < 2;
  const options = (names, all) => [["all", all], ...names.map((name, n) => [n, name]).sort((a, b) => a[1].localeCompare(b[1], "en", { numeric: true }))];
  fill($("g-network"), options(shelf.networks, "any network"), "all");
  fill($("g-condition"), [["all", "any condition"], ...shelf.conditions.map((name, n) => [n, name])], "all");
  fill($("g-class"), options(shelf.classes, "any class"), "all");
  const listed = { network: shelf.networks, condition: shelf.conditions, class: shelf.classes };
  for (const name of Object.keys(FILTERS)) {
    const value = wish.get("f-" + name);
    const place = listed[name] ? listed[name].indexOf(value) : -1;
    $("g-" + name).value = value === null || (listed[name] && place < 0) ? FILTERS[name] : listed[name] ? String(place) : value;
  }
  $("g-disagree").checked = wish.get("f-disagree") === "1";
  filter();
}
function filter() {
  const value = (name) => $("g-" + name).value;
  const low = 10 * (Number(value("min")) || 0), high = 10 * (value("max") === "" ? 100 : Number(value("max")));
  const asked = value("network") === "all" ? shelf.networks.map((_, n) => n) : [Number(value("network"))];
  const disagree = $("g-disagree").checked && shelf.networks.length > 1;
  found = [];
  shelf.object.forEach((object, i) => {
    if (value("condition") !== "all" && shelf.condition[i] !== Number(value("condition"))) return;
    if (value("class") !== "all" && shelf.objects[object][2] !== Number(value("class"))) return;
    const wrong = asked.filter((n) => shelf.marks[n][i] === "0" && shelf.prob[n][i] >= low && shelf.prob[n][i] <= high);
    if (!wrong.length) return;
    if (disagree && !shelf.marks.some((marks) => marks[i] === "1")) return;
    wrong.sort((a, b) => shelf.prob[b][i] - shelf.prob[a][i]);
    found.push({ i, wrong, sure: shelf.prob[wrong[0]][i] });
  });
  const order = value("order");
  if (order === "sure") found.sort((a, b) => b.sure - a.sure || a.i - b.i);
  if (order === "unsure") found.sort((a, b) => a.sure - b.sure || a.i - b.i);
  if (order === "class") {
    const name = (one) => shelf.classes[shelf.objects[shelf.object[one.i]][2]];
    found.sort((a, b) => name(a).localeCompare(name(b), "en") || a.i - b.i);
  }
  const names = { network: shelf.networks, condition: shelf.conditions, class: shelf.classes };
  state.gallery = DATA.sets.length > 1 ? { gset: shelf.key } : {};
  for (const name of Object.keys(FILTERS)) {
    if (value(name) !== FILTERS[name]) state.gallery["f-" + name] = names[name] ? names[name][Number(value(name))] : value(name);
  }
  if (disagree) state.gallery["f-disagree"] = "1";
  shown = 0;
  $("g-cards").replaceChildren();
  $("g-reset").hidden = !Object.keys(state.gallery).some((key) => key.startsWith("f-"));
  more();
}
function more() {
  const next = found.slice(shown, shown + PAGE);
  $("g-cards").append(...next.map(failure));
  shown += next.length;
  $("g-more").hidden = shown >= found.length;
  const total = shelf.object.length.toLocaleString("en");
  $("g-count").textContent = found.length
    ? `${found.length.toLocaleString("en")} of ${total} pictures match, ${shown.toLocaleString("en")} shown.`
    : `None of ${total} pictures matches: no wrong answer fits these filters.`;
}
function failure({ i, wrong }) {
  const object = shelf.object[i];
  const [right, asked] = tally(shelf, i);
  const lines = wrong.slice(0, 3).map((n) => h("li", { class: "no" },
    h("span", { class: "name" }, h("span", { class: "tick" }, SIGN["0"]), bdi(shelf.names[shelf.first[n][i]] ?? "")),
    h("span", { class: "prob" }, percent(shelf.prob[n][i])),
    h("span", { class: "by" }, bdi(shelf.networks[n]))));
  const picture = h("img", { src: fileOf(shelf, i), alt: "", loading: "lazy", width: "200", height: "200" });
  const title = h("b", {}, ...shelf.truths[shelf.truth[i]].flatMap((name, n) => (n ? [" or ", bdi(name)] : [bdi(name)])));
  const where = h("span", { class: "where" }, bdi(shelf.conditions[shelf.condition[i]]), " " + placeOf(shelf, i));
  const rest = h("span", { class: "rest" }, shelf.networks.length > 1 ? `${asked - right} of ${asked} networks wrong` : "");
  const card = h("a", { class: "failure", href: linkTo(shelf, i) }, picture, title, where, h("ul", {}, ...lines), rest);
  card.dataset.object = shelf.objects[object][0];
  return card;
}
for (const name of [...Object.keys(FILTERS), "disagree"]) $("g-" + name).addEventListener("input", () => { filter(); remember(); });
$("g-set").addEventListener("change", async () => { await openGallery(new URLSearchParams({ gset: $("g-set").value })); remember(); });
$("g-reset").addEventListener("click", async () => { await openGallery(new URLSearchParams({ gset: shelf.key })); remember(); });
$("g-more").addEventListener("click", more);

/* Start, and links into the explorer. */
async function restore(words, jump) {
  const wish = { set: words.get("set") ?? undefined, at: words.get("at") ?? undefined };
  if (words.get("picture") !== null) wish.picture = words.get("picture");
  else if (words.get("set") !== null) {
    try {
      const there = await indexOf(entryOf(wish.set).key);
      wish.object = there.objects.findIndex((one) => one[0] === words.get("object"));
      wish.condition = there.conditions.indexOf(words.get("condition"));
      wish.background = there.backgrounds.indexOf(words.get("background"));
    } catch { /* said by open */ }
  }
  await open(wish, jump);
  if (words.get("picture") !== null) remember();
}
const openFolded = () => {
  const at = location.hash.includes("=") ? null : document.getElementById(location.hash.slice(1));
  const folded = at?.querySelector(":scope > details");
  if (folded) folded.open = true;
};
addEventListener("hashchange", openFolded);
openFolded();
addEventListener("hashchange", () => { if (location.hash.includes("set=")) restore(remembered(), true); });
(async () => {
  const words = remembered();
  if (words.has("set") || !DATA.start) await restore(words, words.has("set"));
  else await open({ ...DATA.start }, false);
  await openGallery(words);
  document.documentElement.dataset.ready = "1";
})();
})();
