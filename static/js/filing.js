// The form of a new ticket: its address carries its key, so that going back or reloading finds
// what was sent already; and a suggestion that was settled hands the focus to what it settled.
(() => {
  'use strict';
  let settled = '';

  const carryKey = () => {
    const form = document.querySelector('form[data-press]');
    const { press } = form?.dataset ?? {};
    const address = new URL(location.href);
    if (!press || address.searchParams.get('press')) return;
    address.pathname = new URL(form.getAttribute('action'), location.href).pathname;
    address.searchParams.set('press', press);
    history.replaceState(null, '', address);
  };

  document.addEventListener('DOMContentLoaded', carryKey);
  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('#choices button[name="use"], #choices button[name="keep"]');
    if (button) settled = button.value;
  });
  document.addEventListener('htmx:afterSettle', () => {
    if (!settled) return;
    const choice = settled === 'category' ? '#category' : '#choices input[name="severity"]:checked';
    settled = '';
    document.querySelector(choice)?.focus();
  });
})();
