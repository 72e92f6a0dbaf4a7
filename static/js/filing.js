// The address of the form carries its key: going back or reloading finds what was sent already.
(() => {
  'use strict';
  document.addEventListener('DOMContentLoaded', () => {
    const { press } = document.querySelector('form[data-press]')?.dataset ?? {};
    const address = new URL(location.href);
    if (!press || address.searchParams.get('press')) return;
    address.searchParams.set('press', press);
    history.replaceState(null, '', address);
  });
})();
