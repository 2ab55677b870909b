// Small form helpers: character counts and choice highlighting.

const count = (area) => {
  const out = document.getElementById(area.dataset.count);
  if (out) out.textContent = out.dataset.text.replace('{n}', String(area.maxLength - area.value.length));
};
const start = () => document.querySelectorAll('[data-count]').forEach(count);

document.addEventListener('input', (event) => {
  if (event.target.matches('[data-count]')) count(event.target);
});
document.addEventListener('change', (event) => {
  const choice = event.target.closest('.choice');
  if (!choice) return;
  for (const el of choice.parentElement.children) el.classList.toggle('is-on', el === choice);
});
// One button ticks every box of a list, or none.
document.addEventListener('click', (event) => {
  const all = event.target.closest('[data-tick-all]');
  if (!all) return;
  const boxes = [...all.form.querySelectorAll('[data-tick]')];
  const some = boxes.some((box) => !box.checked);
  for (const box of boxes) box.checked = some;
});
const showTick = () => document.querySelectorAll('[data-tick-all][hidden]').forEach((one) => { one.hidden = false; });
document.addEventListener('htmx:after:swap', showTick);
showTick();

// In a sheet Enter and the arrows go down and up a column, and a pasted column fills it.
const column = (input) => [...input.form.querySelectorAll('[data-column]')].filter((one) => one.dataset.column === input.dataset.column);
document.addEventListener('keydown', (event) => {
  const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.isComposing || !event.target.matches('[data-column]')) return;
  event.preventDefault();
  const all = column(event.target);
  const next = all[all.indexOf(event.target) + step];
  if (next) next.select();
});
document.addEventListener('paste', (event) => {
  if (!event.target.matches('[data-column]')) return;
  const lines = event.clipboardData.getData('text').replace(/\r?\n$/, '').split(/\r?\n/);
  if (lines.length < 2) return;
  event.preventDefault();
  const all = column(event.target);
  const from = all.indexOf(event.target);
  lines.forEach((line, row) => {
    if (all[from + row]) all[from + row].value = line.split('\t')[0].trim();
  });
});
const showKeys = () => document.querySelectorAll('[data-column-keys][hidden]').forEach((one) => { one.hidden = false; });
showKeys();

// What is typed is kept by the server; the bar with the buttons says when, or that it was not.
const note = (form, words) => {
  const out = form.querySelector('[data-draft-note]');
  if (out) out.textContent = words;
};
// A form that is being sent keeps no more drafts: a late one would come after the declaration.
document.addEventListener('submit', (event) => {
  if (!event.target.matches('form[data-draft]')) return;
  event.target.dataset.sent = 'yes';
  event.target.dispatchEvent(new CustomEvent('htmx:abort'));
});
document.addEventListener('htmx:before:request', (event) => {
  const form = event.target.closest && event.target.closest('form[data-draft]');
  if (form && form.dataset.sent) event.preventDefault();
});
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
});
document.addEventListener('htmx:after:request', (event) => {
  const { ctx } = event.detail;
  const form = event.target.closest && event.target.closest('form[data-draft]');
  if (!form || !ctx || !ctx.response) return;
  const status = ctx.response.raw ? ctx.response.raw.status : 0;
  if (status >= 400) note(form, form.dataset.unsaved);
});
document.addEventListener('htmx:after:swap', () => {
  const form = document.querySelector('form[data-draft]');
  const state = document.querySelector('[data-draft-state]');
  if (form && state) note(form, state.textContent);
  const answered = document.querySelector('[data-answered]');
  const count = form && form.querySelector('.savebar [role=status]');
  if (answered && count) count.textContent = answered.textContent;
  if (form && state) tellAtFields(form);
});

// What the answer says of single values stands at their fields too, as on a page that is loaded.
const tellAtFields = (form) => {
  const told = new Map();
  for (const one of document.querySelectorAll('[data-problem-of]')) told.set(one.dataset.problemOf, one.textContent);
  for (const input of form.querySelectorAll('[name^="items."][name$=".value"]')) {
    const words = told.get(input.id);
    const here = document.getElementById(`${input.id}-error`);
    const field = input.closest('.field');
    if (here && (words || input.dataset.edited)) here.remove();
    if (words) {
      const error = document.createElement('span');
      error.className = 'field-error';
      error.id = `${input.id}-error`;
      const sign = document.querySelector('[data-problem-sign]');
      if (sign) error.append(sign.content.cloneNode(true));
      error.append(Object.assign(document.createElement('span'), { textContent: words }));
      (input.closest('.affix') || input).before(error);
      input.setAttribute('aria-invalid', 'true');
      input.setAttribute('aria-describedby', error.id);
    } else if (input.dataset.edited) {
      input.removeAttribute('aria-invalid');
      input.removeAttribute('aria-describedby');
    }
    field.classList.toggle('has-error', Boolean(document.getElementById(`${input.id}-error`)));
  }
};
document.addEventListener('input', (event) => {
  if (event.target.closest('form[data-draft]')) event.target.dataset.edited = 'yes';
});
document.addEventListener('htmx:error', (event) => {
  const form = event.target.closest && event.target.closest('form[data-draft]');
  if (form && !form.dataset.sent) note(form, form.dataset.unsaved);
});
document.addEventListener('htmx:after:swap', start);
start();
