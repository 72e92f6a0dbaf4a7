// Where agents work: rows that hold still under the pointer, a countdown, names to mention, and
// focus that is never lost when parts of the page are swapped.
(() => {
  'use strict';
  const OWN = 3000;
  let acted = 0;
  let lost = '';

  // What the reader has opened stays open when its surroundings are morphed.
  const keepOpen = (name, node) => !(name === 'open' && node.matches('details, dialog'));
  if (window.Idiomorph) Idiomorph.defaults.callbacks.beforeAttributeUpdated = keepOpen;

  const order = (root) => [...root.querySelectorAll('tr[id]')].map((row) => row.id).join();
  const fresh = (event) => new DOMParser().parseFromString(event.detail.xhr.responseText, 'text/html');

  // Rows that would move under the pointer wait until one asks for them.
  document.addEventListener('htmx:beforeSwap', (event) => {
    const list = event.detail.target;
    if (!list.matches?.('[data-hold-rows]:hover') || event.detail.requestConfig.triggeringEvent?.type === 'change') return;
    const asked = event.detail.requestConfig.triggeringEvent?.type === 'corbel:show';
    if (asked || Date.now() - acted < OWN || order(list) === order(fresh(event))) return;
    event.detail.shouldSwap = false;
    list.querySelector('[data-news]').hidden = false;
  });
  document.addEventListener('click', (event) => {
    if (!event.target.closest('[data-show-news]')) return;
    acted = Date.now();
    document.body.dispatchEvent(new CustomEvent('corbel:queue-changed', { bubbles: true }));
  });

  // "t" takes the ticket whose row has the focus.
  document.addEventListener('focusin', (event) => {
    const row = event.target.closest?.('.desk-queue tr');
    if (!row) return;
    document.querySelector('[data-take][data-key]')?.removeAttribute('data-key');
    const take = row.querySelector('[data-take]');
    if (take) take.dataset.key = 't';
  });

  // An address says what is filtered, not what is not.
  document.addEventListener('htmx:configRequest', (event) => {
    if (event.detail.elt.id !== 'queue-filters') return;
    for (const [name, value] of [...event.detail.formData]) {
      if (!value) event.detail.formData.delete(name);
    }
  });

  document.addEventListener('htmx:beforeRequest', (event) => {
    if (event.detail.requestConfig.verb !== 'get') acted = Date.now();
  });

  // A button that is gone after its deed leaves the focus at the part of the page that it was in.
  document.addEventListener('htmx:beforeSwap', () => {
    lost = document.activeElement?.closest('#desk-head, #desk-side, #composer-area')?.id ?? '';
  });
  document.addEventListener('htmx:afterSettle', () => {
    document.querySelector('#composer-area [data-focus]:not([data-seen])')?.focus();
    document.querySelector('#composer-area [data-focus]')?.setAttribute('data-seen', '');
    if (lost && document.activeElement === document.body) document.getElementById(lost)?.focus({ preventScroll: true });
  });

  // What was just sent stands above the composer and must not push it off the screen.
  document.addEventListener('htmx:afterSettle', (event) => {
    if (event.target.id === 'composer-area') event.target.scrollIntoView({ block: 'nearest', behavior: 'instant' });
  });

  const count = () => {
    for (const place of document.querySelectorAll('[data-countdown]')) {
      const left = Math.max(0, Math.ceil((Date.parse(place.dataset.countdown) - Date.now()) / 1000));
      place.textContent = `${left} s`;
    }
  };
  setInterval(count, 1000);

  document.addEventListener('input', (event) => {
    const field = event.target;
    if (!field.matches('[data-mention]')) return;
    const known = [...(field.list?.options ?? [])].some((option) => option.value === field.value);
    if (!known) return;
    const body = field.form.elements.body;
    body.setRangeText(`${field.value} `, body.selectionStart, body.selectionEnd, 'end');
    field.value = '';
    body.focus();
  });
})();
