// J and K walk through the items of a page, and on to the page after or before it. The page says so and
// lets the keys be switched off; without this script its links do the same.

const KEY = 'walk-keys';
const items = () => [...document.querySelectorAll('[data-walk]')];
const isOn = () => localStorage.getItem(KEY) !== 'off';

const box = document.querySelector('[data-walk-keys]');
if (box) {
  const choice = box.querySelector('[data-walk-switch]');
  box.hidden = false;
  choice.checked = isOn();
  choice.addEventListener('change', () => localStorage.setItem(KEY, choice.checked ? 'on' : 'off'));
}

const isTyping = (el) => el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName)) && el.type !== 'checkbox';

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const step = { j: 1, k: -1 }[event.key.toLowerCase()];
  const all = items();
  if (!step || all.length === 0 || !isOn() || isTyping(document.activeElement)) return;
  const here = all.indexOf(document.activeElement && document.activeElement.closest('[data-walk]'));
  const there = here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step;
  event.preventDefault();
  if (all[there]) {
    all[there].focus({ preventScroll: true });
    all[there].scrollIntoView({ block: 'start' });
    return;
  }
  const link = document.querySelector(step > 0 ? '[data-walk-after]' : '[data-walk-before]');
  if (link) link.click();
});
