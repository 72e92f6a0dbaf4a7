// Answers beside a form: one that was unfolded long enough to be read is told of, once.
(() => {
  'use strict';
  const LONG_ENOUGH = 5000;
  const timers = new WeakMap();
  const told = new Set();

  const tell = (one) => {
    const address = one.dataset.readings;
    if (told.has(address) || !one.open || document.visibilityState !== 'visible') return;
    told.add(address);
    const { 'X-CSRFToken': token } = JSON.parse(document.body.getAttribute('hx-headers'));
    const body = new URLSearchParams({ from: 'ticket_form' });
    fetch(address, { method: 'POST', headers: { 'X-CSRFToken': token }, body, keepalive: true }).catch(() => {});
  };

  document.addEventListener('toggle', (event) => {
    const one = event.target;
    if (!one.matches?.('details[data-readings]')) return;
    clearTimeout(timers.get(one));
    if (!one.open) return;
    timers.set(one, setTimeout(tell, LONG_ENOUGH, one));
    const ready = one.querySelector('input[name="ready"]');
    if (ready) ready.name = 'read';
  }, true);
})();
