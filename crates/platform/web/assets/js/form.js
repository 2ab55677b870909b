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
document.addEventListener('htmx:after:swap', start);
start();
