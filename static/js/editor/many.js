// Many articles at once: only the field that belongs to what is chosen, and all ticks by one.
(() => {
  'use strict';
  const fit = (bar) => {
    const chosen = bar.querySelector('[name="deed"]')?.value;
    for (const part of bar.querySelectorAll('[data-deed]')) part.hidden = part.dataset.deed !== chosen;
  };
  const bars = () => document.querySelectorAll('[data-many]');

  document.addEventListener('change', (event) => {
    const bar = event.target.closest('[data-many]');
    if (!bar) return;
    if (event.target.name === 'deed') fit(bar);
    if (event.target.matches('[data-tick-all]')) {
      for (const box of bar.form?.elements.chosen ?? bar.closest('form').querySelectorAll('[name="chosen"]')) box.checked = event.target.checked;
    }
  });
  document.addEventListener('htmx:afterSettle', () => bars().forEach(fit));
  document.addEventListener('DOMContentLoaded', () => bars().forEach(fit));
})();
