'use strict';

// The table of everyone. All people stand in one JSON block, column by column; only the rows in sight are in the page.
// Whatever people wrote goes into the page as text, never as markup.
(() => {
  const find = (selector) => document.querySelector(selector);
  const people = JSON.parse(find('#people').textContent);
  const count = people.email.length;
  const rowHeight = 37;

  const day = (days) => (days ? new Date(days * 86400000).toISOString().slice(0, 10) : '');
  const number = new Intl.NumberFormat('en').format;
  const collator = new Intl.Collator('en', { numeric: true });
  const plain = (text) => (/[^\x00-\x7f]/.test(text) ? text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase() : text.toLowerCase());

  // How each column is shown and sorted. Texts that come often are compared once each, and not once a person.
  const often = (list, places) => ({ text: (i) => list[places[i]], sort: () => rankOf(list, places) });
  const columns = [
    { title: 'Name', text: (i) => people.name[i] || people.email[i], sort: () => rank(people.name.map((name, i) => name || people.email[i])) },
    { title: 'Address', text: (i) => people.email[i], sort: () => rank(people.email) },
    { title: 'Department', ...often(people.departments, people.department) },
    { title: 'Stage', text: (i) => people.stages[people.stage[i]], sort: () => people.stage },
    { title: 'Waits', number: true, text: (i) => (people.days[i] < 0 ? '' : `${people.days[i]} d`), sort: () => people.days },
    { title: 'Told', text: (i) => day(people.told[i]), sort: () => people.told },
    { title: 'Next', text: (i) => (people.action[i] ? people.actions[people.action[i]] : ''), sort: () => people.action },
    { title: 'Reason', ...often(people.reasons, people.reason) },
  ];

  function rank(texts) {
    const order = Array.from(texts.keys()).sort((a, b) => collator.compare(texts[a], texts[b]) || a - b);
    const ranks = new Uint32Array(texts.length);
    for (let place = 0, last = 0; place < order.length; place++) {
      if (place > 0 && texts[order[place]] !== texts[order[place - 1]]) last = place;
      ranks[order[place]] = last;
    }
    return ranks;
  }

  function rankOf(list, places) {
    const ranks = rank(list);
    return places.map((place) => ranks[place]);
  }

  // What is shown: `sorted` has everybody in the order that was asked for, `shown` those of them that fit.
  let sorted = Uint32Array.from({ length: count }, (_, i) => i);
  let shown = sorted;
  let sort = { column: 1, down: false };
  let facet = null;
  let words = [];
  const keys = [];

  function applySort() {
    const key = (keys[sort.column] ??= columns[sort.column].sort());
    const sign = sort.down ? -1 : 1;
    sorted = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => sign * (key[a] - key[b]) || a - b);
  }

  const fits = {
    stage: (value) => (i) => people.stage[i] === value,
    obstacle: (value) => (i) => people.obstacle[i] === value,
    reached: (value) => (i) => (people.marks[i] & value) !== 0,
    missing: (value) => (i) => (people.marks[i] & 1) !== 0 && (people.marks[i] & value) === 0,
    change: (value, to) => (i) => people.before[i] === value && people.stage[i] === to,
  };

  let lower = null;
  function applyFilter() {
    lower ??= words.length ? { email: people.email.map(plain), name: people.name.map(plain) } : null;
    const tests = words.map((word) => {
      const has = (list) => list.map((text) => plain(text).includes(word));
      const [department, reason, stage, action] = [people.departments, people.reasons, people.stages, people.actions].map(has);
      return (i) => lower.email[i].includes(word) || lower.name[i].includes(word) || department[people.department[i]] || reason[people.reason[i]] || stage[people.stage[i]] || action[people.action[i]];
    });
    if (facet) tests.unshift(fits[facet.kind](...facet.values));
    shown = tests.length ? sorted.filter((i) => tests.every((test) => test(i))) : sorted;
  }

  const scroller = find('#scroller');
  const table = find('#table');
  const body = table.tBodies[0];
  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  function row(place) {
    const i = shown[place];
    const cells = columns.map((column, at) => {
      const text = column.text(i);
      const cell = element(at === 0 ? 'th' : 'td', { title: text });
      cell.dir = 'auto';
      if (column.number) cell.className = 'number';
      if (at === 0) {
        cell.scope = 'row';
        const button = element('button', { type: 'button', textContent: text });
        button.dataset.place = place;
        cell.append(button);
      } else if (column.title === 'Stage') cell.append(element('span', { className: `stage s${people.stage[i]}`, textContent: text }));
      else cell.textContent = text;
      return cell;
    });
    const made = element('tr', {}, ...cells);
    made.ariaRowIndex = place + 2;
    return made;
  }

  // Rows above and below those in sight are one empty row of their height.
  function space(rows) {
    const made = element('tr', { className: 'space', ariaHidden: 'true' }, element('td', { colSpan: columns.length }));
    made.style.height = `${rows * rowHeight}px`;
    return made;
  }

  let inSight = '';
  function draw(again) {
    const first = Math.max(0, Math.floor(scroller.scrollTop / rowHeight) - 8);
    const last = Math.min(shown.length, first + Math.ceil(scroller.clientHeight / rowHeight) + 16);
    if (!again && inSight === `${first}-${last}`) return;
    inSight = `${first}-${last}`;
    const focused = body.contains(document.activeElement) ? Number(document.activeElement.dataset.place) : -1;
    const rows = [];
    for (let place = first; place < last; place++) rows.push(row(place));
    if (!shown.length) rows.push(element('tr', {}, element('td', { colSpan: columns.length, className: 'muted', textContent: 'Nobody fits.' })));
    body.replaceChildren(space(first), ...rows, space(shown.length - last));
    if (focused >= 0) buttonAt(Math.min(Math.max(focused, first), last - 1))?.focus({ preventScroll: true });
  }

  const buttonAt = (place) => body.querySelector(`button[data-place="${place}"]`);

  function show({ keepPlace = false } = {}) {
    table.ariaRowCount = shown.length + 1;
    if (!keepPlace) scroller.scrollTop = 0;
    find('#found').textContent = shown.length === count
      ? `${number(count)} people` : `${number(shown.length)} of ${number(count)} people${facet ? `: ${facet.title}` : ''}`;
    find('#reset').hidden = !facet && !words.length;
    document.querySelectorAll('button[data-kind]').forEach((button) => {
      button.ariaPressed = facet !== null && button.dataset.kind === facet.kind && button.dataset.value === facet.value;
    });
    draw(true);
  }

  function sortBy(column) {
    sort = { column, down: sort.column === column && !sort.down };
    applySort();
    applyFilter();
    markSorted();
    show();
  }

  function markSorted() {
    [...table.tHead.rows[0].cells].forEach((cell, at) => {
      cell.ariaSort = at === sort.column ? (sort.down ? 'descending' : 'ascending') : 'none';
    });
  }

  function filterBy(button) {
    const { kind, value, title } = button.dataset;
    const same = facet && facet.kind === kind && facet.value === value;
    facet = same ? null : { kind, value, title, values: value.split(' ').map(Number) };
    applyFilter();
    show();
    if (!same && kind !== 'stage') find('#everyone').scrollIntoView();
  }

  function tell(place) {
    const i = shown[place];
    const before = people.before[i] >= 0 && people.before[i] !== people.stage[i] ? people.stages[people.before[i]] : '';
    const facts = [
      ['Address', people.email[i]], ['Department', people.departments[people.department[i]]], ['Stage', people.stages[people.stage[i]]], ['Before', before],
      ['Reason', people.reasons[people.reason[i]]], ['Next', people.actions[people.action[i]]], ['Waits', people.days[i] < 0 ? '' : `${people.days[i]} days`],
      ['Invited', day(people.invited[i])], ['Told', day(people.told[i])], ['Tried', day(people.tried[i])], ['Joined', day(people.joined[i])],
      ['Personal account', people.personal[i] ? people.likelihoods[people.personal[i]] : ''],
      ['In Okta', people.oktas[people.okta[i]]], ['In Dropbox', people.dropboxs[people.dropbox[i]]],
    ].filter(([, text]) => text);
    find('#person-title').textContent = people.name[i] || people.email[i];
    find('#facts').replaceChildren(...facts.flatMap(([term, text]) => [element('dt', { textContent: term }), element('dd', { dir: 'auto', textContent: text })]));
    find('#person').showModal();
  }

  function move(event) {
    const place = Number(event.target.dataset.place);
    const page = Math.max(1, Math.floor(scroller.clientHeight / rowHeight) - 2);
    const to = { ArrowDown: place + 1, ArrowUp: place - 1, PageDown: place + page, PageUp: place - page, Home: 0, End: shown.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = Math.min(Math.max(to, 0), shown.length - 1);
    const [top, room] = [next * rowHeight, scroller.clientHeight - table.tHead.offsetHeight];
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + rowHeight > scroller.scrollTop + room) scroller.scrollTop = top + rowHeight - room;
    draw(false);
    buttonAt(next)?.focus({ preventScroll: true });
  }

  // On paper there is no scrolling: the first rows as they are sorted and filtered, and a line that says how many are left out.
  function print(printing) {
    const note = find('#printed');
    const most = Number(note.dataset.most);
    note.hidden = !printing || shown.length <= most;
    note.textContent = `The first ${number(most)} of ${number(shown.length)}.`;
    if (printing) body.replaceChildren(...Array.from({ length: Math.min(most, shown.length) }, (_, place) => row(place)));
    else draw(true);
  }

  table.tHead.rows[0].append(...columns.map((column, at) => {
    const button = element('button', { type: 'button', textContent: column.title });
    button.addEventListener('click', () => sortBy(at));
    const cell = element('th', { scope: 'col', className: column.number ? 'number' : '' }, button);
    return cell;
  }));
  document.querySelectorAll('[disabled]').forEach((control) => { control.disabled = false; });
  document.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (button?.dataset.kind) filterBy(button);
    else if (button?.dataset.place) tell(Number(button.dataset.place));
  });
  find('#search').addEventListener('input', (event) => {
    words = plain(event.target.value).split(/\s+/).filter(Boolean);
    applyFilter();
    show();
  });
  find('#reset').addEventListener('click', () => {
    [facet, words, find('#search').value] = [null, [], ''];
    applyFilter();
    show();
    find('#search').focus();
  });
  body.addEventListener('keydown', (event) => { if (event.target.dataset.place) move(event); });
  scroller.addEventListener('scroll', () => draw(false), { passive: true });
  new ResizeObserver(() => draw(false)).observe(scroller);
  window.addEventListener('beforeprint', () => print(true));
  window.addEventListener('afterprint', () => print(false));
  markSorted();
  show();
  document.documentElement.dataset.usable = Math.round(performance.now());
})();
