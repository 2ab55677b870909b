// Page-wide behaviour. Everything here is an enhancement: links and forms work without it.

const root = document.documentElement;

// Display settings: the form in the top bar posts and comes back; with scripts the page changes at once.
document.addEventListener('submit', (event) => {
  const form = event.target.closest('[data-display]');
  const button = event.submitter;
  if (!form || !button || button.name === 'lang') return;
  event.preventDefault();
  if (button.value) root.dataset[button.name] = button.value;
  else delete root.dataset[button.name];
  for (const other of form.querySelectorAll(`[name="${button.name}"]`)) {
    other.setAttribute('aria-pressed', String(other === button));
  }
  const body = new URLSearchParams(new FormData(form));
  body.set(button.name, button.value);
  fetch(form.action, { method: 'POST', body, redirect: 'manual' });
});

document.addEventListener('click', (event) => {
  const target = event.target.closest('[data-toggle],[data-dialog],[data-close],[data-print],[data-copy],[data-show]');
  if (!target) return;
  const { toggle, dialog } = target.dataset;
  if (toggle) {
    event.preventDefault();
    const open = document.getElementById(toggle).classList.toggle('is-open');
    target.setAttribute('aria-expanded', String(open));
  }
  if (dialog) {
    const box = document.getElementById(dialog);
    if (box && box.showModal) {
      event.preventDefault();
      box.showModal();
    }
  }
  if ('close' in target.dataset) target.closest('dialog').close();
  if ('print' in target.dataset) window.print();
  if ('copy' in target.dataset) copy(target);
  if ('show' in target.dataset) {
    const shown = target.getAttribute('aria-pressed') !== 'true';
    target.setAttribute('aria-pressed', String(shown));
    for (const id of target.dataset.show.split(' ')) {
      document.getElementById(id).type = shown ? 'text' : 'password';
    }
  }
});

// Copies a text of the page; where the browser does not let us, the text is selected instead.
const copy = async (button) => {
  const from = document.getElementById(button.dataset.copy);
  getSelection().selectAllChildren(from);
  try {
    await navigator.clipboard.writeText(from.textContent.trim());
    button.textContent = button.dataset.copied;
  } catch {
    // It is selected: Ctrl+C takes it.
  }
};

// A button that needs a script is hidden in the page and shown here.
const unhide = (part) => {
  for (const button of part.querySelectorAll('[data-print][hidden], [data-copy][hidden], [data-show][hidden]')) button.hidden = false;
};

// A press on the backdrop closes a dialog; a press elsewhere, or Escape, closes an open menu.
document.addEventListener('pointerdown', (event) => {
  if (event.target.nodeName === 'DIALOG') event.target.close();
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
  const nav = document.querySelector('.sidenav.is-open');
  if (nav) {
    nav.classList.remove('is-open');
    const opener = document.querySelector(`[data-toggle="${nav.id}"]`);
    if (opener) {
      opener.setAttribute('aria-expanded', 'false');
      opener.focus();
    }
  }
});

// Ctrl+Enter sends the form one is typing in.
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.form) {
    event.target.form.requestSubmit();
  }
});

// Ctrl+K goes to the search box.
document.addEventListener('keydown', (event) => {
  const box = document.getElementById('search-box');
  if (box && event.key === 'k' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    box.focus();
  }
});

// A command must not be sent twice by a nervous finger; the server would answer the same anyway.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post' || form.matches('[data-display]')) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = 'yes';
  setTimeout(() => delete form.dataset.sent, 4000);
});

// Screen readers and keyboards start at the problem list, on a full page and after a swap.
const focusProblems = () => {
  const summary = document.querySelector('.error-summary');
  if (summary) summary.focus();
};

// A table wider than the screen can be scrolled with the keyboard even where it has no links.
const reachTables = () => {
  for (const wrap of document.querySelectorAll('.table-wrap')) {
    const scrolls = wrap.scrollWidth > wrap.clientWidth;
    if (scrolls && !wrap.querySelector('a, button, input')) wrap.tabIndex = 0;
    else wrap.removeAttribute('tabindex');
  }
};
const refresh = () => {
  unhide(document);
  reachTables();
  focusProblems();
};
refresh();
addEventListener('resize', reachTables);
document.addEventListener('htmx:after:swap', refresh);

// An answer that must not be swapped in (busy, broken) or none at all: say so, keep what was typed.
let hide = 0;
const toast = (words) => {
  const box = document.getElementById('toast');
  if (!box) return;
  box.textContent = words;
  box.hidden = false;
  clearTimeout(hide);
  hide = setTimeout(() => {
    box.hidden = true;
  }, 8000);
};
document.addEventListener('htmx:after:request', (event) => {
  const { ctx } = event.detail;
  const status = ctx && ctx.response && ctx.response.raw ? ctx.response.raw.status : 0;
  if (status === 429 || status >= 500) toast(document.getElementById('toast').dataset.busy);
});
document.addEventListener('htmx:error', (event) => {
  const { ctx } = event.detail;
  if (ctx && !ctx.response) toast(document.getElementById('toast').dataset.offline);
});
