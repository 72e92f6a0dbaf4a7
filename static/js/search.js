// The search page: arrows walk the results, and what somebody looked for and opened is noted once
// they have done typing. Without script the form and the links do the same.
(() => {
  'use strict';
  const SETTLED = 1500;
  let timer;

  const field = () => document.querySelector('form[data-search] input[name="q"]');
  const links = () => [...document.querySelectorAll('#found [data-hit]')];

  const note = (values) => {
    const form = document.querySelector('form[data-search]');
    const token = JSON.parse(document.body.getAttribute('hx-headers') ?? '{}')['X-CSRFToken'];
    if (!form || !token) return;
    const body = new URLSearchParams({ ...values, csrf_token: token });
    fetch(`${new URL(form.action).pathname}/notes`, { method: 'POST', body, keepalive: true }).catch(() => {});
  };

  // What was typed counts when the typing is over; what was sent as a form has been noted already.
  const settle = () => {
    clearTimeout(timer);
    const found = document.getElementById('found');
    const words = found?.dataset.words;
    if (!words) return;
    timer = setTimeout(() => {
      timer = undefined;
      note({ q: words, lang: found.dataset.lang });
    }, SETTLED);
  };
  document.addEventListener('htmx:afterSwap', (event) => {
    if (event.detail.requestConfig.elt.closest('form[data-search]')) settle();
  });

  document.addEventListener('click', (event) => {
    const link = event.target.closest('[data-hit][data-id]');
    if (!link) return;
    const found = document.getElementById('found');
    const typed = timer ? { q: found.dataset.words, lang: found.dataset.lang } : {};
    clearTimeout(timer);
    timer = undefined;
    note({ ...typed, kind: link.dataset.kind, id: link.dataset.id });
  });

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !field()) return;
    const all = links();
    const here = all.indexOf(document.activeElement);
    const inField = document.activeElement === field();
    if (here < 0 && !inField) return;
    if (event.key === 'ArrowDown' && all.length) {
      event.preventDefault();
      all[Math.min(here + 1, all.length - 1)].focus();
    } else if (event.key === 'ArrowUp' && here >= 0) {
      event.preventDefault();
      (here ? all[here - 1] : field()).focus();
    } else if (event.key === 'Escape' && here >= 0) {
      field().focus();
    }
  });
})();
